import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { pageBody } from "./page-body.server";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = ({ value }: { value?: Uint8Array }) => new TextDecoder().decode(value);

describe("the body of a page", () => {
  it("sends what is written in one tick as one chunk, and later writes as they come", async () => {
    const { sink, body } = pageBody();
    const reader = body.getReader();
    sink.write(bytes("<html>"));
    sink.write(bytes("<body>"));
    expect(textOf(await reader.read())).toBe("<html><body>");
    sink.write(bytes("late"));
    expect(textOf(await reader.read())).toBe("late");
  });

  it("is complete when it ends in the tick of its last chunk", async () => {
    const { sink, body } = pageBody();
    sink.write(bytes("<p>"));
    sink.end(bytes("</p>"));
    expect(await new Response(body).text()).toBe("<p></p>");
  });

  it("fails with the error that the page failed with", async () => {
    const { sink, body } = pageBody();
    sink.on("error", () => {});
    sink.write(bytes("<p>"));
    sink.destroy(new Error("The render failed."));
    await expect(new Response(body).text()).rejects.toThrow("The render failed.");
  });

  it("tells the writer that the reader disconnected, and discards further writes", async () => {
    const { sink, body } = pageBody();
    sink.write(bytes("<p>"));
    await body.cancel();
    expect(sink.destroyed).toBe(true);
    await nextTurn();
  });
});
