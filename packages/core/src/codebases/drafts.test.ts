import { describe, expect, it } from "vitest";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { getCodebase, saveDraft } from "./index";
import { openCodebase } from "./internal";

const product = withProduct();

describe("opening a codebase", () => {
  it("gives its head with the actor's own newest draft, whoever else types in it", async () => {
    const { actor } = product;
    const { codebaseId } = await pasteSession(actor, { "a.ts": "let a = 1;\n" });
    const id = { id: codebaseId };
    expect((await openCodebase(actor, id)).draft).toBeNull();
    const draft = (who: Actor, window: string, path: string) =>
      saveDraft(who, { codebaseId, window, base: 1, files: [{ path, text: "typed\n" }] });
    await draft({ ...actor, userId: "usr_aaa" }, "window-c", "theirs.ts");
    await draft(actor, "window-a", "first.ts");
    await draft(actor, "window-b", "second.ts");
    await draft({ ...actor, userId: "usr_zzz" }, "window-d", "theirs.ts");
    const opened = await openCodebase(actor, id);
    expect(opened.draft).toMatchObject({ window: "window-b", base: 1, paths: ["second.ts"] });
    expect(opened.codebase).toEqual(await getCodebase(actor, id));
    await expect(openCodebase(stranger, id)).rejects.toMatchObject({ code: "CODEBASE_NOT_FOUND" });
  });
});
