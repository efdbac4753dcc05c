/**
 * Reads LevelDB's log files (write-ahead logs and manifests have one format): blocks of 32 KiB, in them records or
 * fragments of records, each behind a header of masked CRC-32C, length and type.
 */
import { crc32c } from "./crc32c";

const BLOCK_BYTES = 32_768;
export const HEADER_BYTES = 7;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

export interface LogRecord {
  /** The offset behind its last byte. */
  end: number;
  payload: Buffer;
}

/** Returns the records before the first byte that is not part of a whole one. */
export function readLog(bytes: Buffer): LogRecord[] {
  const records: LogRecord[] = [];
  let fragments: Buffer[] = [];
  let at = 0;
  for (;;) {
    const leftInBlock = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (leftInBlock < HEADER_BYTES) at += leftInBlock;
    if (at + HEADER_BYTES > bytes.length) return records;
    const length = bytes.readUInt16LE(at + 4);
    const type = bytes[at + 6];
    const end = at + HEADER_BYTES + length;
    if (end > bytes.length || (at % BLOCK_BYTES) + HEADER_BYTES + length > BLOCK_BYTES) return records;
    if (unmasked(bytes.readUInt32LE(at)) !== crc32c(bytes.subarray(at + 6, end))) return records;
    const begins = type === FULL || type === FIRST;
    if ((!begins && type !== MIDDLE && type !== LAST) || begins !== (fragments.length === 0)) return records;
    fragments.push(bytes.subarray(at + HEADER_BYTES, end));
    if (type === FULL || type === LAST) {
      records.push({ end, payload: fragments.length === 1 ? (fragments[0] as Buffer) : Buffer.concat(fragments) });
      fragments = [];
    }
    at = end;
  }
}

/** LevelDB stores CRCs rotated and shifted, as files hold CRCs of CRCs. */
function unmasked(stored: number): number {
  const rotated = (stored - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Reads LevelDB's variable-length numbers and strings, one after the other. */
export class FieldReader {
  constructor(
    private readonly bytes: Buffer,
    public at = 0,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  string(): Buffer {
    const length = this.number();
    const text = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return text;
  }

  /** Passes over numbers (`n`) and strings (`s`). Returns false where the kinds are not known. */
  skip(kinds: string | undefined): boolean {
    for (const kind of kinds ?? "") kind === "n" ? this.number() : this.string();
    return kinds !== undefined;
  }
}
