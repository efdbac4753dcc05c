import { describe, expect, it } from "vitest";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { getCodebase, saveDraft } from "./index";
import { openCodebase } from "./internal";

const product = withProduct();

describe("opening a codebase", () => {
  it("returns its head with the actor's own newest draft, not another user's", async () => {
    const { actor } = product;
    const { codebaseId } = await pasteSession(actor, { "a.ts": "let a = 1;\n" });
    const id = { id: codebaseId };
    expect((await openCodebase(actor, id)).draft).toBeNull();
    const draft = (who: Actor, draftId: string, path: string) =>
      saveDraft(who, { codebaseId, draftId, base: 1, files: [{ path, text: "typed\n" }] });
    await draft({ ...actor, userId: "usr_aaa" }, "draft-c", "theirs.ts");
    await draft(actor, "draft-a", "first.ts");
    await draft(actor, "draft-b", "second.ts");
    await draft({ ...actor, userId: "usr_zzz" }, "draft-d", "theirs.ts");
    const opened = await openCodebase(actor, id);
    expect(opened.draft).toMatchObject({ draftId: "draft-b", base: 1, paths: ["second.ts"] });
    expect(opened.codebase).toEqual(await getCodebase(actor, id));
    await expect(openCodebase(stranger, id)).rejects.toMatchObject({ code: "CODEBASE_NOT_FOUND" });
  });
});
