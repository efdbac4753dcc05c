import { S3Error } from "./errors";

const LONGEST_CHUNK_LINE = 4_096;

/**
 * Takes the frames of `aws-chunked` away: `<hex size>[;extension]CRLF bytes CRLF`, a frame of size 0, then trailers.
 * @throws {S3Error} IncompleteBody when it ends early or its length is not the announced one
 */
export async function* unchunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  announcedBytes: number,
): AsyncIterable<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  let expecting = "size" as "size" | "bytes" | "line end" | "trailers";
  let left = 0;
  let total = 0;
  for await (const chunk of source) {
    waiting = waiting.length > 0 ? Buffer.concat([waiting, chunk]) : chunk;
    for (;;) {
      if (expecting === "size" || expecting === "trailers") {
        const end = waiting.indexOf("\r\n");
        if (end < 0 && waiting.length > LONGEST_CHUNK_LINE) throw incompleteBody();
        if (end < 0) break;
        const line = waiting.subarray(0, end).toString("latin1");
        waiting = waiting.subarray(end + 2);
        if (expecting === "trailers") {
          const colon = line.indexOf(":");
          if (colon > 0) trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
          continue;
        }
        if (!/^[0-9a-fA-F]{1,12}(;|$)/.test(line)) throw incompleteBody();
        left = Number.parseInt(line, 16);
        expecting = left === 0 ? "trailers" : "bytes";
      } else if (expecting === "bytes") {
        if (waiting.length === 0) break;
        const bytes = waiting.subarray(0, left);
        waiting = waiting.subarray(bytes.length);
        left -= bytes.length;
        total += bytes.length;
        if (left === 0) expecting = "line end";
        yield bytes;
      } else {
        if (waiting.length < 2) break;
        if (waiting[0] !== 0x0d || waiting[1] !== 0x0a) throw incompleteBody();
        waiting = waiting.subarray(2);
        expecting = "size";
      }
    }
  }
  if (expecting !== "trailers" || (!Number.isNaN(announcedBytes) && total !== announcedBytes)) throw incompleteBody();
}

const incompleteBody = () =>
  new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly or was not framed as announced.");
