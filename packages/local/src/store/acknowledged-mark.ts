/**
 * The number of the last write that was acknowledged, in a file of its own beside LevelDB's: where the log has lost its
 * end, what is missing is known by it. Written before a write is acknowledged, and never waits for the disk.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";

const DIGITS = 16;

export class AcknowledgedMark {
  private constructor(
    private readonly file: number,
    /** Undefined where there was none, or none that can be read. */
    readonly found: number | undefined,
  ) {}

  static open(path: string): AcknowledgedMark {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const text = Buffer.alloc(DIGITS);
    const isWhole = readSync(file, text, 0, DIGITS, 0) === DIGITS && /^\d+$/.test(text.toString("latin1"));
    return new AcknowledgedMark(file, isWhole ? Number(text.toString("latin1")) : undefined);
  }

  /** A mark whose file was removed is not found at the next start. */
  get isRemoved(): boolean {
    return fstatSync(this.file).nlink === 0;
  }

  write(commit: number): void {
    const text = Buffer.from(String(commit).padStart(DIGITS, "0"), "latin1");
    // A disk that takes a part says why with the rest.
    for (let at = 0; at < DIGITS; ) at += writeSync(this.file, text, at, DIGITS - at, at);
  }

  close(): void {
    closeSync(this.file);
  }
}
