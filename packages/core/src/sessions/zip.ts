import { crc32 } from "node:zlib";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { cleanPath } from "../codebases/internal";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { findZip } from "./zip-bounds";
import { hostilityOf, isLeftOutSilently, nameOfEntry, reasonToSkip } from "./zip-entries";

export type ZipMember = { path: string; bytes: Uint8Array };
export type Unpacked = { members: ZipMember[]; skipped: { path: string; reason: string }[] };

const refuse = (message: string): AppError => new AppError("INVALID_INPUT", message, { field: "files" });
// biome-ignore lint/suspicious/noControlCharactersInRegex: shown without the characters that would break a line
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text).replace(/[\0-\x1f\x7f]/g, "�");

/**
 * The files of a zip, with clean paths; what can't be read of it (encrypted, links, methods that are not known) is
 * skipped with its reason. Throws INVALID_INPUT, before anything is kept, for a zip that is damaged, has too many
 * entries, unpacks to more than 50 MB or more than 100:1, or holds a path that leads out of it. Sizes are counted while
 * unpacking: what a zip says of itself is not believed.
 */
export async function unpackZip(name: string, bytes: Uint8Array): Promise<Unpacked> {
  const zip = await open(name, bytes);
  const unpacked: Unpacked = { members: [], skipped: [] };
  try {
    if (zip.entryCount > LIMITS.zip.maxEntries) {
      throw refuse(`${name} holds ${zip.entryCount.toLocaleString("en")} entries; a zip may hold 2,000 at most.`);
    }
    const budget = new Budget(name, bytes.length);
    const seen = new Set<string>();
    for (let entry = await next(zip, name); entry; entry = await next(zip, name)) {
      const sent = nameOfEntry(entry);
      if (isLeftOutSilently(sent)) continue;
      const hostility = hostilityOf(sent);
      if (hostility)
        throw refuse(`${name} is hostile: it holds ${hostility} ("${shorten(sent)}"). Nothing of it was kept.`);
      const reason = reasonToSkip(entry, sent);
      if (reason) {
        unpacked.skipped.push({ path: shorten(sent), reason });
        continue;
      }
      const path = cleanOrNothing(sent);
      if (path === undefined) {
        unpacked.skipped.push({ path: shorten(sent), reason: "its name can't be used" });
        continue;
      }
      if (seen.has(path)) throw refuse(`${name} holds "${shorten(path)}" twice.`);
      seen.add(path);
      unpacked.members.push({ path, bytes: await read(zip, name, entry, path, budget) });
    }
  } finally {
    zip.close();
  }
  return unpacked;
}

function cleanOrNothing(name: string): string | undefined {
  try {
    return cleanPath(name);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Bounds of unpacking, for all entries together. */
class Budget {
  private unpacked = 0;

  constructor(
    private readonly name: string,
    private readonly packed: number,
  ) {}

  take(bytes: number): void {
    this.unpacked += bytes;
    if (this.unpacked > LIMITS.zip.maxUnpackedBytes) throw refuse(`${this.name} unpacks to more than 50 MB.`);
    if (this.unpacked > 64 * 1024 && this.unpacked > this.packed * LIMITS.zip.maxRatio) {
      throw refuse(`${this.name} is hostile: it unpacks to more than 100 times its size, as zip bombs do.`);
    }
  }
}

function open(name: string, bytes: Uint8Array): Promise<ZipFile> {
  const bounds = findZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if ("problem" in bounds) {
    throw refuse(
      bounds.problem === "split"
        ? `${name} is one part of a zip that was split. Join the parts first.`
        : `${name} is not a zip file that can be read: its list of files is missing, as when a download was cut short.`,
    );
  }
  return new Promise((resolve, reject) => {
    // Names are read by us: the library refuses a whole zip for one of them.
    const options = { lazyEntries: true, validateEntrySizes: true, decodeStrings: false, autoClose: false };
    fromBuffer(bounds.archive, options, (error, zip) =>
      error || !zip ? reject(refuse(`${name} is not a zip file that can be read: it is damaged.`)) : resolve(zip),
    );
  });
}

function next(zip: ZipFile, name: string): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (run: () => void) => {
      zip.removeAllListeners();
      run();
    };
    zip.once("entry", (entry: Entry) => settle(() => resolve(entry)));
    zip.once("end", () => settle(() => resolve(undefined)));
    zip.once("error", (cause) => settle(() => reject(damaged(name, "its list of files", cause))));
    zip.readEntry();
  });
}

async function read(zip: ZipFile, name: string, entry: Entry, path: string, budget: Budget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let checksum = 0;
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, readable) => (error || !readable ? reject(error) : resolve(readable))),
    );
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      budget.take(chunk.length);
      checksum = crc32(chunk, checksum);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(name, `"${shorten(path)}"`, error);
  }
  if (checksum >>> 0 !== entry.crc32 >>> 0) throw damaged(name, `"${shorten(path)}"`);
  return Buffer.concat(chunks);
}

const damaged = (name: string, what: string, cause?: unknown): AppError =>
  new AppError("INVALID_INPUT", `${name} is damaged: ${what} is not what was packed. Nothing of it was kept.`, {
    field: "files",
    cause,
  });
