import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { AppError } from "../errors";
import { LIMITS } from "../limits";

export type ZipMember = { path: string; bytes: Uint8Array };

const refuse = (message: string): AppError => new AppError("INVALID_INPUT", message, { field: "files" });

/**
 * The files of a zip. Throws INVALID_INPUT, before anything is kept, for a zip that can't be read, has too many entries,
 * unpacks to more than 50 MB or more than 100:1, is encrypted, or holds paths that lead out of it or links. Sizes are
 * counted while unpacking: what a zip says of itself is not believed.
 */
export async function unpackZip(name: string, bytes: Uint8Array): Promise<ZipMember[]> {
  const zip = await open(name, bytes);
  if (zip.entryCount > LIMITS.zip.maxEntries) {
    zip.close();
    throw refuse(`${name} holds ${zip.entryCount.toLocaleString("en")} entries; a zip may hold 2,000 at most.`);
  }
  return new Promise((resolve, reject) => {
    const members: ZipMember[] = [];
    const seen = new Set<string>();
    let unpacked = 0;
    const fail = (error: unknown) => {
      zip.close();
      reject(error instanceof AppError ? error : refuse(`${name} can't be unpacked: it is damaged or hostile.`));
    };
    zip.on("error", fail);
    zip.on("end", () => resolve(members));
    zip.on("entry", (entry: Entry) => {
      takeEntry(zip, name, entry, (chunk) => {
        unpacked += chunk;
        if (unpacked > LIMITS.zip.maxUnpackedBytes) throw refuse(`${name} unpacks to more than 50 MB.`);
        if (unpacked > 64 * 1024 && unpacked > bytes.length * LIMITS.zip.maxRatio) {
          throw refuse(`${name} unpacks to more than 100 times its size, as zip bombs do.`);
        }
      }).then((member) => {
        if (member) {
          if (seen.has(member.path)) return fail(refuse(`${name} holds "${member.path}" twice.`));
          seen.add(member.path);
          members.push(member);
        }
        zip.readEntry();
      }, fail);
    });
    zip.readEntry();
  });
}

function open(name: string, bytes: Uint8Array): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, validateEntrySizes: true, strictFileNames: true, decodeStrings: true };
    fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options, (error, zip) =>
      error || !zip ? reject(refuse(`${name} is not a zip file that can be read.`)) : resolve(zip),
    );
  });
}

const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE = 0o170000;

async function takeEntry(zip: ZipFile, name: string, entry: Entry, count: (bytes: number) => void) {
  const path = entry.fileName;
  if (path.endsWith("/") || path.startsWith("__MACOSX/") || /(^|\/)\.DS_Store$/.test(path)) return null;
  if (entry.isEncrypted()) throw refuse(`${name} is encrypted; unpack it first.`);
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK) {
    throw refuse(`${name} holds a link ("${path.slice(0, 80)}"), which could point anywhere.`);
  }
  const chunks: Buffer[] = [];
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, readable) => (error || !readable ? reject(error) : resolve(readable))),
  );
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    count(chunk.length);
    chunks.push(chunk);
  }
  return { path, bytes: Buffer.concat(chunks) };
}
