import { ZipFile } from "yazl";
import { firstFree, type PortableName, portableNames } from "./portable-names";

const RENAMED = "RENAMED.txt";

/**
 * Packs files as a zip that every system unpacks. Where that needs another name, `RENAMED.txt` in it says which file
 * has it.
 */
export async function packZip(
  paths: readonly string[],
  textOf: (path: string) => Promise<string>,
  mtime: Date,
): Promise<Buffer> {
  const zip = new ZipFile();
  const names = portableNames(paths);
  for (const { path, name } of names) zip.addBuffer(Buffer.from(await textOf(path), "utf8"), name, { mtime });
  const renamed = names.filter(({ path, name }) => name !== path);
  if (renamed.length > 0) {
    const all = new Set(names.map(({ name }) => name.toLowerCase()));
    const list = firstFree(RENAMED, (name) => !all.has(name.toLowerCase()));
    zip.addBuffer(Buffer.from(listOf(renamed), "utf8"), list, { mtime });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const listOf = (renamed: readonly PortableName[]): string =>
  [
    "Not every system can have these files side by side under their names in Redline, so they have others here:",
    "",
    ...renamed.map(({ path, name }) => `${path} -> ${name}`),
    "",
  ].join("\n");
