/** Names that mean something to a program: of languages that plain objects have, and of files that are one in two ways. */
import { randomUUID } from "node:crypto";
import { restoreVersion, saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, readFile, saveDraft } from "@redline/core/codebases/index";
import { exportSession } from "@redline/core/exports/index";
import { checkText } from "@redline/core/review/index";
import { createSession, setLanguage } from "@redline/core/sessions/index";
import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../support/product";

const product = withProduct();

describe.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""])(
  "a language called %j",
  (language) => {
    it("is refused wherever one is accepted, or ignored, and causes no failure", async () => {
      const { actor } = product;
      const session = await pasteSession(actor, { "a.ts": "let a = 1;\n" });
      const refused = expect.objectContaining({ code: "INVALID_LANGUAGE", status: 400 });
      const outcome = (call: Promise<unknown>) =>
        call.then(
          () => "done",
          (error: unknown) => error,
        );
      const made = (input: object) => outcome(createSession(actor, { key: randomUUID(), ...input }));
      const wanted = language === "" ? "done" : refused;
      expect(await made({ pasted: [{ text: "let a = 1;\n", language }] })).toEqual(wanted);
      expect(await made({ files: [{ path: "a.ts", bytes: Buffer.from("x"), language }] })).toEqual(wanted);
      expect(await outcome(setLanguage(actor, { id: session.id, path: "a.ts", language }))).toEqual(refused);
      expect(await outcome(checkText(actor, { sessionId: session.id, path: "a.ts", text: "x", language }))).toEqual(
        refused,
      );
    });
  },
);

describe.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("a file called %s", (path) => {
  it("is kept, saved, exported and restored like any other", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { [`dir/${path}`]: "one\n", [`${path}.ts`]: "let a = 1;\n" });
    const { codebaseId } = session;
    const files = [{ path: `dir/${path}`, text: "two\n" }];
    await saveFiles(actor, { codebaseId, changeId: newChangeId(), base: 1, files });
    const exported = await exportSession(actor, { id: session.id });
    expect(exported.files.map((file) => file.path)).toEqual([`${path}.ts`, `dir/${path}`].sort());
    expect((await readFile(actor, { codebaseId, path: `dir/${path}` })).text).toBe("two\n");
    await restoreVersion(actor, { codebaseId, version: 1, changeId: newChangeId() });
    expect((await readFile(actor, { codebaseId, path: `dir/${path}` })).text).toBe("one\n");
  });
});

describe("one path given twice", () => {
  const composed = "caf\u00e9.ts";
  const decomposed = "cafe\u0301.ts";

  it.each([
    ["in the same words", "a.ts", "a.ts"],
    ["with its letters composed in two ways", composed, decomposed],
    ["with the separators of two systems", "src/a.ts", "src\\a.ts"],
    ["with a part that changes nothing", "src/a.ts", "./src//a.ts"],
  ])("%s is refused by name, and nothing is saved", async (_, first, second) => {
    const { actor } = product;
    const { codebaseId } = await pasteSession(actor, { "b.ts": "b\n" });
    const files = [
      { path: first, text: "1\n" },
      { path: second, text: "2\n" },
    ];
    const refused = {
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^".*a.*\.ts" is there twice.*Nothing was saved\.$/),
    };
    const change = { codebaseId, changeId: newChangeId(), base: 1, files };
    await expect(saveFiles(actor, change)).rejects.toMatchObject(refused);
    await expect(saveDraft(actor, { codebaseId, draftId: "draft-a", base: 1, files })).rejects.toMatchObject(refused);
    expect(await getCodebase(actor, { id: codebaseId })).toMatchObject({ number: 1, tree: [{ path: "b.ts" }] });
  });

  it("is one file, whichever way its letters are composed when it is saved and read", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { [composed]: "1\n" });
    const { codebaseId } = session;
    const files = [{ path: decomposed, text: "2\n" }];
    await saveFiles(actor, { codebaseId, changeId: newChangeId(), base: 1, files });
    expect((await getCodebase(actor, { id: codebaseId })).tree.map(({ path }) => path)).toEqual([composed]);
    expect((await readFile(actor, { codebaseId, path: decomposed })).text).toBe("2\n");
    await setLanguage(actor, { id: session.id, path: decomposed, language: "python" });
  });

  it("that differs in capitals is two files, as to git", async () => {
    const { actor } = product;
    const { codebaseId } = await pasteSession(actor, { "Readme.md": "1\n", "README.md": "2\n" });
    const { tree } = await getCodebase(actor, { id: codebaseId });
    expect(tree.map(({ path }) => path)).toEqual(["README.md", "Readme.md"]);
  });
});
