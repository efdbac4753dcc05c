import type { Actor } from "@redline/core/auth/schema";
import { getDraft, readFile } from "@redline/core/codebases/index";
import { Document } from "../editor/document";
import type { ReviewPage } from "./page";

/** A file in the plain text editor, with the version its text is based on. */
export type PlainEdit = { path: string; base: number; text: string };

/** Loads the open file's text at the head or from a draft. Null without a file. */
export async function loadPlainEdit(actor: Actor, page: ReviewPage, draftId: string | null): Promise<PlainEdit | null> {
  if (!page.file) return null;
  const { path } = page.file;
  const { codebaseId } = page;
  const draft = draftId ? await getDraft(actor, { codebaseId, draftId }) : null;
  const typed = draft?.files.find((file) => file.path === path);
  if (draft && typed) return { path, base: draft.base, text: new Document(typed.text).text };
  const { text, version } = await readFile(actor, { codebaseId, path });
  return { path, base: version, text: new Document(text).text };
}
