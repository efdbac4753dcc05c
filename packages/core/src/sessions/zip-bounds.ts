/** Finds the zip inside a file: tools put programs before it, padding and comments behind it. */

/** The archive's own bytes, from its first to the end of its comment; `problem` says why there are none to read. */
export type ZipBounds = { archive: Buffer } | { problem: "none" | "split" };

const END = Buffer.from("PK\x05\x06", "latin1");
const END_64 = Buffer.from("PK\x06\x06", "latin1");
const LOCATOR_64 = Buffer.from("PK\x06\x07", "latin1");
const CENTRAL = Buffer.from("PK\x01\x02", "latin1");
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
/** The record's mark may occur in a comment or behind the zip; more occurrences than this are not expected. */
const MOST_LOOKED_AT = 50;

/** Finds the last end record whose list of files is where it says, however far everything was moved together. */
export function findZip(bytes: Buffer): ZipBounds {
  let at = bytes.lastIndexOf(END);
  for (let looked = 0; at >= 0 && looked < MOST_LOOKED_AT; looked++) {
    const found = endRecordAt(bytes, at);
    if (found) return found;
    at = at === 0 ? -1 : bytes.lastIndexOf(END, at - 1);
  }
  return { problem: "none" };
}

function endRecordAt(bytes: Buffer, at: number): ZipBounds | undefined {
  if (at + END_BYTES > bytes.length) return undefined;
  const end = at + END_BYTES + bytes.readUInt16LE(at + 20);
  if (end > bytes.length) return undefined;
  const listEndsAt = endOfList64(bytes, at) ?? at;
  const is64 = listEndsAt !== at;
  const entries = is64 ? Number(bytes.readBigUInt64LE(listEndsAt + 32)) : bytes.readUInt16LE(at + 10);
  const size = is64 ? Number(bytes.readBigUInt64LE(listEndsAt + 40)) : bytes.readUInt32LE(at + 12);
  const offset = is64 ? Number(bytes.readBigUInt64LE(listEndsAt + 48)) : bytes.readUInt32LE(at + 16);
  if (bytes.readUInt16LE(at + 4) !== bytes.readUInt16LE(at + 6)) return { problem: "split" };
  const disk = bytes.readUInt16LE(at + 4);
  if (disk !== 0 && disk !== 0xffff) return { problem: "split" };
  const listAt = listEndsAt - size;
  const startsAt = listAt - offset;
  if (startsAt < 0 || (entries > 0 && !bytes.subarray(listAt, listAt + 4).equals(CENTRAL))) return undefined;
  return { archive: bytes.subarray(startsAt, end) };
}

/** Returns the end of a zip64's list, which ends before a record of its own, before the locator, before the end. */
function endOfList64(bytes: Buffer, endAt: number): number | undefined {
  const locatorAt = endAt - LOCATOR_BYTES;
  if (locatorAt < 0 || !bytes.subarray(locatorAt, locatorAt + 4).equals(LOCATOR_64)) return undefined;
  const at = bytes.lastIndexOf(END_64, locatorAt);
  return at >= 0 && at + 56 <= locatorAt ? at : undefined;
}
