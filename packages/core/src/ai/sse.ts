import { createParser } from "eventsource-parser";

/**
 * Yields the data of server-sent events, however their bytes are split. An event that the end of the stream cuts off is
 * yielded too, marked: a server may forget the last blank line, or have been cut.
 */
export async function* sseData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ data: string; isCut: boolean }> {
  const decoder = new TextDecoder();
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  const take = (text: string, isCut = false) => {
    parser.feed(text);
    return events.splice(0).map((data) => ({ data, isCut }));
  };
  let last = "";
  for await (const part of bytes) {
    const text = decoder.decode(part, { stream: true });
    last = text || last;
    yield* take(text);
  }
  // The parser holds back a carriage return, which may be the first half of a line ending.
  yield* take(last.endsWith("\r") ? "\n" : decoder.decode());
  yield* take("\n\n", true);
}
