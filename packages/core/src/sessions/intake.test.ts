import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { LIMITS } from "../limits";
import { takeFiles } from "./intake";
import { unpackZip } from "./zip";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "utf8"));

async function zipOf(members: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(members))
    zip.addBuffer(Buffer.from(content), path, { compress: content.length > 1_000 });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Writes another name of the same length over a member's, as a hostile tool would. */
function renamed(zip: Uint8Array, from: string, to: string): Uint8Array {
  const hostile = Buffer.from(zip);
  for (let at = hostile.indexOf(from); at !== -1; at = hostile.indexOf(from, at + 1)) hostile.write(to, at, "latin1");
  return new Uint8Array(hostile);
}

const refused = (message: RegExp) => ({ code: "INVALID_INPUT", message: expect.stringMatching(message) });

describe("files that come in", () => {
  it("keep their bytes: byte order mark, CRLF and a missing final newline", async () => {
    const { files } = await takeFiles([{ path: "a.ts", bytes: bytes("\ufeffa\r\nb") }]);
    expect(files).toEqual([{ path: "a.ts", text: "\ufeffa\r\nb", language: undefined }]);
  });

  it.each([
    ["../up.ts", /leads out/],
    ["a/../../up.ts", /leads out/],
    ["..\\up.ts", /leads out/],
    ["/etc/passwd", /absolute/],
    ["C:\\boot.ini", /absolute/],
    ["a\u0000.ts", /control characters/],
    ["", /empty/],
    [`${"a".repeat(256)}.ts`, /255/],
  ])("with the name %j are refused", async (path, message) => {
    await expect(takeFiles([{ path, bytes: bytes("x") }])).rejects.toMatchObject(refused(message));
  });

  it("that are not text are refused, saying so", async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0x1a]);
    await expect(takeFiles([{ path: "a.png", bytes: png }])).rejects.toMatchObject(refused(/not a text file/));
    const latin1 = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
    await expect(takeFiles([{ path: "a.txt", bytes: latin1 }])).rejects.toMatchObject(refused(/UTF-8/));
  });

  it("over 5 MB are refused with FILE_TOO_LARGE", async () => {
    const file = { path: "big.ts", bytes: new Uint8Array(LIMITS.file.maxBytes + 1).fill(97) };
    await expect(takeFiles([file])).rejects.toMatchObject({ code: "FILE_TOO_LARGE", field: "big.ts" });
  });

  it("may be 50 and not 51", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ path: `${at}.ts`, bytes: bytes("x") }));
    expect((await takeFiles(many(50))).files).toHaveLength(50);
    await expect(takeFiles(many(51))).rejects.toMatchObject(refused(/51 files; a session takes 50/));
  });

  it("of the same name get distinct ones", async () => {
    const file = { path: "src/a.ts", bytes: bytes("x") };
    const { files } = await takeFiles([file, file, file]);
    expect(files.map((each) => each.path)).toEqual(["src/a.ts", "src/a-2.ts", "src/a-3.ts"]);
  });

  it("in a language that nobody knows are refused with INVALID_LANGUAGE", async () => {
    const file = { path: "a.ts", bytes: bytes("x"), language: "klingon" };
    await expect(takeFiles([file])).rejects.toMatchObject({ code: "INVALID_LANGUAGE" });
  });
});

describe("a zip", () => {
  it("is unpacked without the folder that all its files share; binaries are skipped and listed", async () => {
    const zip = await zipOf({ "app/a.ts": "a", "app/lib/b.ts": "b", "app/logo.png": new Uint8Array([1, 0, 2]) });
    const { files, skipped } = await takeFiles([{ path: "app.zip", bytes: zip }]);
    expect(files.map((file) => file.path)).toEqual(["a.ts", "lib/b.ts"]);
    expect(skipped).toEqual([{ path: "logo.png", reason: "not a text file" }]);
  });

  it("that unpacks to more than 100 times its size is refused", async () => {
    const bomb = await zipOf({ "a.txt": new Uint8Array(10_000_000) });
    await expect(unpackZip("bomb.zip", bomb)).rejects.toMatchObject(refused(/100 times its size/));
  });

  it("that unpacks to more than 50 MB is refused", async () => {
    const noise = Buffer.alloc(1_000_000).map(() => Math.floor(Math.random() * 256));
    const members = Object.fromEntries(Array.from({ length: 53 }, (_, at) => [`${at}.bin`, noise]));
    await expect(unpackZip("large.zip", await zipOf(members))).rejects.toMatchObject(refused(/more than 50 MB/));
  });

  it("of 10,000 files is refused before any is unpacked", async () => {
    const members = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`${at}.ts`, "x"]));
    await expect(unpackZip("many.zip", await zipOf(members))).rejects.toMatchObject(refused(/10,000 entries/));
  });

  it("with a path that leads out of it is refused", async () => {
    const hostile = renamed(await zipOf({ "aa/aa/up.ts": "x" }), "aa/aa/up.ts", "../../up.ts");
    await expect(unpackZip("up.zip", hostile)).rejects.toMatchObject(refused(/damaged or hostile/));
  });

  it("with an absolute path is refused", async () => {
    const hostile = renamed(await zipOf({ "aetc/passwd": "x" }), "aetc/passwd", "/etc/passwd");
    await expect(unpackZip("abs.zip", hostile)).rejects.toMatchObject(refused(/damaged or hostile/));
  });

  it("with a symbolic link is refused", async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from("/etc/passwd"), "link", { mode: 0o120777 });
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
    await expect(unpackZip("link.zip", Buffer.concat(chunks))).rejects.toMatchObject(refused(/holds a link/));
  });

  it("that is cut short is refused", async () => {
    const zip = await zipOf({ "a.ts": "a".repeat(10_000) });
    await expect(unpackZip("cut.zip", zip.slice(0, zip.length / 2))).rejects.toMatchObject(refused(/not a zip file/));
  });

  it("that says it is smaller than it is, is refused", async () => {
    const zip = Buffer.from(await zipOf({ "a.txt": "a".repeat(5_000) }));
    const central = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(10, central + 24);
    await expect(unpackZip("liar.zip", zip)).rejects.toMatchObject(refused(/damaged or hostile/));
  });

  it("is a zip only when it begins as one: a text of that name is taken as text", async () => {
    const { files } = await takeFiles([{ path: "notes.zip", bytes: bytes("not a zip") }]);
    expect(files).toHaveLength(1);
  });
});
