import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { pageBody } from "./page-body.server";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = ({ value }: { value?: Uint8Array }) => new TextDecoder().decode(value);

describe("the body of a page", () => {
  it("passes on what is written in one turn as one piece, and what comes later when it comes", async () => {
    const { sink, body } = pageBody();
    const reader = body.getReader();
    sink.write(bytes("<html>"));
    sink.write(bytes("<body>"));
    expect(textOf(await reader.read())).toBe("<html><body>");
    sink.write(bytes("late"));
    expect(textOf(await reader.read())).toBe("late");
  });

  it("is whole when it ends in the turn of its last piece", async () => {
    const { sink, body } = pageBody();
    sink.write(bytes("<p>"));
    sink.end(bytes("</p>"));
    expect(await new Response(body).text()).toBe("<p></p>");
  });

  it("breaks off with the error that the page broke off with", async () => {
    const { sink, body } = pageBody();
    sink.on("error", () => {});
    sink.write(bytes("<p>"));
    sink.destroy(new Error("The render failed."));
    await expect(new Response(body).text()).rejects.toThrow("The render failed.");
  });

  it("tells the one who writes that the reader left, and takes what is still written", async () => {
    const { sink, body } = pageBody();
    sink.write(bytes("<p>"));
    await body.cancel();
    expect(sink.destroyed).toBe(true);
    await nextTurn();
  });
});
