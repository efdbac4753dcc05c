/** Reads objects of a repository through one `git cat-file --batch`, in the order in which they are asked for. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Unreadable } from "./git";
import type { GitProgram } from "./program";

type Request = { limitBytes: number; resolve: (content: Buffer | Unreadable) => void; reject: (error: Error) => void };

/** The object that comes next: how much of it is still to come, and what of it has. */
type Incoming = { size: number; left: number; chunks: Buffer[]; isKept: boolean };

export class BlobReader {
  private child: ChildProcessWithoutNullStreams | undefined;
  private readonly queue: Request[] = [];
  private incoming: Incoming | undefined;
  private header: Buffer = Buffer.alloc(0);
  private complaint = "";

  constructor(private readonly program: GitProgram) {}

  /** Returns the object's bytes, or why there are none: it is larger than the limit, or not there. */
  read(id: string, limitBytes: number): Promise<Buffer | Unreadable> {
    return new Promise((resolve, reject) => {
      this.child ??= this.open();
      this.queue.push({ limitBytes, resolve, reject });
      this.child.stdin.write(`${id}\n`);
    });
  }

  async close(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    await closed;
  }

  private open(): ChildProcessWithoutNullStreams {
    const child = this.program.start(["cat-file", "--batch"]);
    child.stdout.on("data", (chunk: Buffer) => this.receive(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      this.complaint += chunk.toString("utf8");
    });
    child.stdin.on("error", () => {});
    child.on("error", (error) => this.fail(error.message));
    child.on("close", () => this.fail(this.complaint.trim() || "git cat-file ended"));
    return child;
  }

  private receive(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; ) rest = this.incoming ? this.readContent(rest) : this.readHeader(rest);
  }

  /** `<id> <type> <size>`, or `<id> missing` and the like, which nothing follows. */
  private readHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(10);
    if (end < 0) {
      this.header = Buffer.concat([this.header, chunk]);
      return Buffer.alloc(0);
    }
    const line = Buffer.concat([this.header, chunk.subarray(0, end)]).toString("utf8");
    this.header = Buffer.alloc(0);
    const size = / (?:blob|commit|tag|tree) (\d+)$/.exec(line)?.[1];
    if (size === undefined)
      this.queue.shift()?.resolve({ reason: "is not in this clone of the repository", isMissing: true });
    else {
      const isKept = Number(size) <= (this.queue[0]?.limitBytes ?? 0);
      // A line end follows the content.
      this.incoming = { size: Number(size), left: Number(size) + 1, chunks: [], isKept };
    }
    return chunk.subarray(end + 1);
  }

  private readContent(chunk: Buffer): Buffer {
    const incoming = this.incoming as Incoming;
    const part = chunk.subarray(0, incoming.left);
    incoming.left -= part.length;
    if (incoming.isKept) incoming.chunks.push(part);
    if (incoming.left === 0) {
      this.incoming = undefined;
      const request = this.queue.shift();
      request?.resolve(
        incoming.isKept
          ? Buffer.concat(incoming.chunks).subarray(0, incoming.size)
          : { reason: tooLarge(request.limitBytes) },
      );
    }
    return chunk.subarray(part.length);
  }

  private fail(message: string): void {
    this.child = undefined;
    for (const { reject } of this.queue.splice(0)) reject(new Error(message));
  }
}

export const tooLarge = (limitBytes: number): string => `larger than ${limitBytes / 1024} KB`;
