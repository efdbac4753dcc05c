/** Zip files for tests, good ones and hostile ones. */
import { ZipFile } from "yazl";

export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A zip with one file that leads out of its folder: no writer of zips makes one, so its name is changed afterwards. */
export async function traversingZip(): Promise<Buffer> {
  const honest = "aa/bb/escaped.ts";
  const zip = await zipOf({ [honest]: "export {};\n" });
  return Buffer.from(zip.toString("latin1").replaceAll(honest, "../../escaped.ts"), "latin1");
}

/** A few hundred kilobytes that unpack to 60 MB. */
export function zipBomb(): Promise<Buffer> {
  return zipOf({ "bomb.txt": Buffer.alloc(60 * 1024 * 1024, "a") });
}
