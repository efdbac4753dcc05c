import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { LIMITS } from "../limits";
import { importFiles } from "./import-files";
import { unpackZip } from "./zip";
import { ZIPS } from "./zips.test-support";

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
    const { files } = await importFiles([{ path: "a.ts", bytes: bytes("\ufeffa\r\nb") }]);
    expect(files).toEqual([{ path: "a.ts", text: "\ufeffa\r\nb", language: undefined }]);
  });

  it.each([
    ["../up.ts", /leads out/],
    ["a/../../up.ts", /leads out/],
    ["..\\up.ts", /leads out/],
    ["/etc/passwd", /absolute/],
    ["C:\\boot.ini", /absolute/],
    ["c\u0085.ts", /control characters/],
    ["a\u0000.ts", /control characters/],
    ["", /empty/],
    [`${"a".repeat(256)}.ts`, /255/],
  ])("with the name %j are refused", async (path, message) => {
    await expect(importFiles([{ path, bytes: bytes("x") }])).rejects.toMatchObject(refused(message));
  });

  it("keep a colon in their name, where it is no drive", async () => {
    const { files } = await importFiles([{ path: "a:b.ts", bytes: bytes("x") }]);
    expect(files).toMatchObject([{ path: "a:b.ts" }]);
  });

  it("that are not text are refused, saying so", async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0x1a]);
    await expect(importFiles([{ path: "a.png", bytes: png }])).rejects.toMatchObject(refused(/not a text file/));
  });

  it.each([
    ["Latin-1", Buffer.from("caf\xe9 = 1\n", "latin1"), "café = 1\n"],
    ["UTF-16", Buffer.from("\ufefflet é = 1;\r\n", "utf16le"), "let é = 1;\r\n"],
    ["UTF-16", Buffer.from("let plain = 1;\n", "utf16le"), "let plain = 1;\n"],
    ["UTF-16", Buffer.from("\ufefflet é = 1;\n", "utf16le").swap16(), "let é = 1;\n"],
  ])(
    "in %s are refused with the offer to convert them, and converted when that is taken",
    async (name, content, text) => {
      const file = { path: "a.ts", bytes: new Uint8Array(content) };
      await expect(importFiles([file])).rejects.toMatchObject({
        ...refused(new RegExp(`^a.ts is not UTF-8 but looks like ${name} text`)),
        details: { convertible: ["a.ts"] },
      });
      expect((await importFiles([file], { convert: true })).files[0]?.text).toBe(text);
    },
  );

  it.each([
    ["tar.gz", [0x1f, 0x8b, 8, 0], /a gzip archive, which is not unpacked here/],
    ["7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0], /a 7z archive/],
    ["rar", [...Buffer.from("Rar!\x1a\x07", "latin1"), 1, 0], /a rar archive/],
    ["tar.xz", [0xfd, ...Buffer.from("7zXZ\0", "latin1")], /a xz archive/],
    ["jar", [...Buffer.from("PK\x03\x04", "latin1"), 0, 0], /rename it so that it ends in \.zip/],
  ])("that are archives of another kind (%s) are refused with the next step", async (ending, magic, message) => {
    const file = { path: `code.${ending}`, bytes: new Uint8Array(magic) };
    await expect(importFiles([file], { convert: true })).rejects.toMatchObject(refused(message));
  });

  it("over 5 MB are refused with FILE_TOO_LARGE", async () => {
    const file = { path: "big.ts", bytes: new Uint8Array(LIMITS.file.maxBytes + 1).fill(97) };
    await expect(importFiles([file])).rejects.toMatchObject({ code: "FILE_TOO_LARGE", field: "big.ts" });
  });

  it("may be 50 and not 51", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ path: `${at}.ts`, bytes: bytes("x") }));
    expect((await importFiles(many(50))).files).toHaveLength(50);
    await expect(importFiles(many(51))).rejects.toMatchObject(
      refused(/51 files is too many\. The limit is 50 per session/),
    );
  });

  it("of the same name get distinct ones", async () => {
    const file = { path: "src/a.ts", bytes: bytes("x") };
    const { files } = await importFiles([file, file, file]);
    expect(files.map((each) => each.path)).toEqual(["src/a.ts", "src/a-2.ts", "src/a-3.ts"]);
  });

  it("in an unknown language are refused with INVALID_LANGUAGE", async () => {
    const file = { path: "a.ts", bytes: bytes("x"), language: "klingon" };
    await expect(importFiles([file])).rejects.toMatchObject({ code: "INVALID_LANGUAGE" });
  });
});

describe("a zip", () => {
  it("is unpacked without the folder that all its files share; binaries are skipped and listed", async () => {
    const zip = await zipOf({ "app/a.ts": "a", "app/lib/b.ts": "b", "app/logo.png": new Uint8Array([1, 0, 2]) });
    const { files, skipped } = await importFiles([{ path: "app.zip", bytes: zip }]);
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
    await expect(unpackZip("up.zip", hostile)).rejects.toMatchObject(
      refused(/^up.zip is hostile: it holds a path that leads out/),
    );
  });

  it("with an absolute path is refused", async () => {
    const hostile = renamed(await zipOf({ "aetc/passwd": "x" }), "aetc/passwd", "/etc/passwd");
    await expect(unpackZip("abs.zip", hostile)).rejects.toMatchObject(
      refused(/^abs.zip is hostile: it holds an absolute path/),
    );
  });

  it("with nothing but a symbolic link is refused, naming it", async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from("/etc/passwd"), "link", { mode: 0o120777 });
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
    await expect(importFiles([{ path: "link.zip", bytes: Buffer.concat(chunks) }])).rejects.toMatchObject(
      refused(/^link.zip holds nothing that can be reviewed: link \(a symbolic link\)\.$/),
    );
  });

  it("that is cut short is refused", async () => {
    const zip = await zipOf({ "a.ts": "a".repeat(10_000) });
    await expect(unpackZip("cut.zip", zip.slice(0, zip.length / 2))).rejects.toMatchObject(refused(/not a zip file/));
  });

  it("that understates its size is refused", async () => {
    const zip = Buffer.from(await zipOf({ "a.txt": "a".repeat(5_000) }));
    const central = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(10, central + 24);
    await expect(unpackZip("liar.zip", zip)).rejects.toMatchObject(refused(/^liar.zip is damaged: "a.txt"/));
  });

  it("is a zip only when it begins as one: a text of that name is taken as text", async () => {
    const { files } = await importFiles([{ path: "notes.zip", bytes: bytes("not a zip") }]);
    expect(files).toHaveLength(1);
  });

  it("whose bytes were changed is refused, naming the file whose checksum is another", async () => {
    const zip = Buffer.from(await zipOf({ "good.ts": "let a = 1;\n", "bad.ts": "let b = 2;\n" }));
    zip.write("8", zip.indexOf("let b = 2") + 8, "latin1");
    await expect(unpackZip("x.zip", zip)).rejects.toMatchObject(
      refused(/^x.zip is damaged: "bad.ts" is not what was packed/),
    );
  });

  it("may have leading and trailing bytes", async () => {
    const zip = await zipOf({ "a.ts": "a", "b.ts": "b" });
    const before = Buffer.from("MZ a program, PK\x05\x06 and PK\x03\x04 in it", "latin1");
    for (const bytes of [
      Buffer.concat([before, zip]),
      Buffer.concat([zip, Buffer.alloc(10_240)]),
      Buffer.concat([before, zip, Buffer.from("a signature behind it")]),
    ]) {
      expect((await importFiles([{ path: "a.zip", bytes }])).files.map(({ path }) => path)).toEqual(["a.ts", "b.ts"]);
    }
  });

  it("silently skips files that operating systems add", async () => {
    const junk = {
      "__MACOSX/app/._a.ts": "x",
      "app/.DS_Store": "x",
      "app/._a.ts": "x",
      "app/Thumbs.db": "x",
      "app/Icon\r": "x",
    };
    const { files, skipped } = await importFiles([{ path: "a.zip", bytes: await zipOf({ "app/a.ts": "a", ...junk }) }]);
    expect(files.map(({ path }) => path)).toEqual(["a.ts"]);
    expect(skipped).toEqual([]);
  });

  it("with a file that is too large or unusably named is read without that file", async () => {
    const zip = await zipOf({
      "a.ts": "a",
      "large.ts": Buffer.alloc(LIMITS.file.maxBytes + 1, Buffer.from("abc \n")),
      [`${"n".repeat(300)}.ts`]: "x",
    });
    // A text of one repeated word is packed a thousandfold, which would be taken for a bomb.
    const noise = Buffer.concat([zip, Buffer.alloc(200_000)]);
    const { files, skipped } = await importFiles([{ path: "a.zip", bytes: noise }]);
    expect(files.map(({ path }) => path)).toEqual(["a.ts"]);
    expect(skipped.map(({ reason }) => reason).sort()).toEqual(["its name has more than 255 characters", "over 5 MB"]);
  });
});

describe("a zip as tools write it", () => {
  const take = (name: keyof typeof ZIPS, options?: { convert: boolean }) =>
    importFiles([{ path: `${name}.zip`, bytes: new Uint8Array(Buffer.from(ZIPS[name], "base64")) }], options);

  it.each([
    ["Deflate64", "compressed with Deflate64, which is not read here"],
    ["BZip2", "compressed with BZip2, which is not read here"],
    ["LZMA", "compressed with LZMA, which is not read here"],
    ["PPMd", "compressed with PPMd, which is not read here"],
    ["crypto", "encrypted"],
    ["aes", "encrypted"],
  ] as const)("(%s) is read without the unreadable file, which is listed with its reason", async (name, reason) => {
    const { files, skipped } = await take(name);
    expect(files).toEqual([{ path: "a.ts", text: "let a = 1;\n" }]);
    expect(skipped).toEqual([{ path: "b.ts", reason }]);
  });

  it.each([
    ["clocale", ["über/größe.py", "a.ts"]],
    ["dos", ["größe.ts"]],
    ["unix", ["größe.ts"]],
    ["back", ["app/main.js", "readme.md"]],
    ["link", ["a.ts"]],
    ["zip64", ["a.ts"]],
    ["sfx", ["a.ts"]],
    ["sfxA", ["a.ts"]],
    ["comment", ["a.ts"]],
    ["stream", ["-"]],
  ] as const)("(%s) has the names that were packed", async (name, paths) => {
    expect((await take(name)).files.map(({ path }) => path)).toEqual(paths);
  });

  it("that is empty is refused as empty", async () => {
    await expect(take("empty")).rejects.toMatchObject(refused(/^empty.zip is empty: it holds no files\.$/));
  });

  it("that holds only text in other encodings is refused with the offer to convert it", async () => {
    await expect(take("utf16")).rejects.toMatchObject({
      ...refused(/a\.txt \(UTF-16 text; convert it.*b\.txt \(Latin-1 text/),
      details: { convertible: ["a.txt", "b.txt"] },
    });
    const { files } = await take("utf16", { convert: true });
    expect(files.map(({ text }) => text)).toEqual(["let a = 1;\n", "café\n"]);
  });
});
