import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sseData } from "./sse";

async function* cutAt(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...sorted, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(text: string, places: readonly number[] = []) {
  const events: { data: string; isCut: boolean }[] = [];
  for await (const event of sseData(cutAt(new TextEncoder().encode(text), places))) events.push(event);
  return events;
}

const whole = (...data: string[]) => data.map((each) => ({ data: each, isCut: false }));

describe("the data of server-sent events", () => {
  it("is the same however its bytes are cut, in the middle of characters and line endings too", async () => {
    const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
    const event = fc.array(line, { minLength: 1, maxLength: 3 });
    const endings = fc.constantFrom("\n", "\r\n", "\r");
    const property = fc.asyncProperty(
      fc.array(event, { maxLength: 6 }),
      endings,
      fc.boolean(),
      fc.array(fc.nat(10_000), { maxLength: 40 }),
      async (events, ending, hasComments, places) => {
        const text = events
          .map((lines) => {
            const said = lines.map((each) => `data: ${each}${ending}`).join("");
            return `${hasComments ? `: still here${ending}event: chunk${ending}id: 7${ending}` : ""}${said}${ending}`;
          })
          .join("");
        expect(await read(text, places)).toEqual(whole(...events.map((lines) => lines.join("\n"))));
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it("needs no space after the colon, and is empty without one", async () => {
    expect(await read("data:{}\n\ndata\n\n")).toEqual(whole("{}", ""));
  });

  it("is reported as cut off when the stream ends inside an event", async () => {
    expect(await read("data: one\n\ndata: tw")).toEqual([...whole("one"), { data: "tw", isCut: true }]);
  });
});
