/** Keeps standard output for the protocol: whatever else is printed there goes to standard error. */
import { Writable } from "node:stream";
import { type Io, write } from "../terminal";

type Output = Io["stdout"];

/**
 * Returns the stream for the protocol's messages. From here on whatever this process and its workers print, by `console.log` or
 * otherwise, goes to `other`.
 */
export function claimOutput(output: Output, other: Output): Writable {
  const own = output.write.bind(output) as (chunk: Buffer, done: (error?: Error | null) => void) => boolean;
  output.write = ((...args: Parameters<Output["write"]>) => other.write(...args)) as Output["write"];
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      own(chunk, done);
    },
  });
}

export const logTo =
  (stream: Output) =>
  (message: string): void =>
    void write(stream, `redline mcp: ${message}\n`);
