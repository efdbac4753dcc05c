/**
 * The data of server-sent events, however their bytes are cut: any line ending, comments, several lines of data. An event
 * that the end of the stream cuts off is given too, marked: a server may forget the last blank line, or have been cut.
 */
export async function* sseData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ data: string; isCut: boolean }> {
  const decoder = new TextDecoder();
  const event = new EventLines();
  let rest = "";
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true });
    // A carriage return at the end may be the first half of a line ending.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = event.take(line);
      if (data !== undefined) yield { data, isCut: false };
    }
  }
  for (const line of (rest + decoder.decode()).split(/\r\n|\n|\r/)) {
    const data = event.take(line);
    if (data !== undefined) yield { data, isCut: false };
  }
  const data = event.take("");
  if (data !== undefined) yield { data, isCut: true };
}

class EventLines {
  private lines: string[] = [];

  /** The event's data once a blank line ends it. */
  take(line: string): string | undefined {
    if (line === "") {
      const data = this.lines.length > 0 ? this.lines.join("\n") : undefined;
      this.lines = [];
      return data;
    }
    const match = /^data(?:: ?([\s\S]*))?$/.exec(line);
    if (match) this.lines.push(match[1] ?? "");
    return undefined;
  }
}
