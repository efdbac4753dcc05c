import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unchunked } from "./aws-chunked";
import { byteRange } from "./conditions";
import { S3Error } from "./errors";
import { parseXml, textElement } from "./xml";

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}

async function unframed(framed: Buffer, pieceSize: number, announced = Number.NaN) {
  const trailers = new Map<string, string>();
  const parts: Buffer[] = [];
  for await (const part of unchunked(inPieces(framed, pieceSize), trailers, announced)) parts.push(Buffer.from(part));
  return { body: Buffer.concat(parts), trailers };
}

describe("a chunked body", () => {
  test("round-trips, however the network splits it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        async (frames, pieceSize) => {
          const framed = Buffer.concat([
            ...frames.flatMap((frame) => [Buffer.from(`${frame.length.toString(16)}\r\n`), frame, Buffer.from("\r\n")]),
            Buffer.from("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"),
          ]);
          const { body, trailers } = await unframed(framed, pieceSize);
          expect(body.equals(Buffer.concat(frames))).toBe(true);
          expect(trailers.get("x-amz-checksum-crc32")).toBe("AAAAAA==");
        },
      ),
    );
  });

  test.each([
    ["ends early", "5\r\nhel"],
    ["has no last frame", "5\r\nhello\r\n"],
    ["has a size that is none", "zz\r\nhello\r\n0\r\n\r\n"],
    ["is longer than its frame says", "4\r\nhello\r\n0\r\n\r\n"],
    ["has a line without an end", "1".repeat(5_000)],
  ])("that %s is refused", async (_, framed) => {
    await expect(unframed(Buffer.from(framed), 64)).rejects.toMatchObject({ code: "IncompleteBody" });
  });

  test("is refused when its length is not the announced one", async () => {
    await expect(unframed(Buffer.from("5\r\nhello\r\n0\r\n\r\n"), 64, 6)).rejects.toMatchObject({
      code: "IncompleteBody",
    });
  });
});

describe("XML", () => {
  test("round-trips any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(parseXml(`<a>${textElement("Key", text)}</a>`).textOf("Key")).toBe(text);
      }),
    );
  });

  test("is read with its declaration, namespaces, comments and empty elements", () => {
    const document = parseXml(
      `<?xml version="1.0"?>\n<Root xmlns="http://x/"><!-- no --><A/><B x="1">&#x41;&amp;</B></Root>`,
    );
    expect([document.name, document.textOf("A"), document.textOf("B")]).toEqual(["Root", "", "A&"]);
  });

  test.each(["", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", "<".repeat(50), "<a>".repeat(50)])(
    "%j is refused",
    (source) => {
      expect(() => parseXml(source)).toThrow(S3Error);
    },
  );
});

test.each([
  ["bytes=2-1", undefined],
  ["bytes=-", undefined],
  ["lines=0-1", undefined],
  ["bytes=0-0,2-3", undefined],
  ["bytes=-99", { first: 0, last: 9 }],
])("the range %s of ten bytes is %j", (header, range) => {
  expect(byteRange(header, 10)).toEqual(range);
});
