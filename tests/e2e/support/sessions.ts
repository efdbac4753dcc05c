/** Sessions for tests of the pages around them, made by the forms that the pages post. */

import type { Page } from "@playwright/test";
import { newChangeId } from "@redline/core/changes/schema";

/** Makes a session of these files, as the form without a script does, and gives its id. */
export async function makeSession(page: Page, name: string, files: Record<string, string>): Promise<string> {
  const form = new FormData();
  form.set("key", newChangeId());
  form.set("name", name);
  for (const [path, text] of Object.entries(files)) form.append("files", new File([text], path));
  const response = await page.request.post("/sessions/new", {
    multipart: form,
    headers: originOf(page),
    maxRedirects: 0,
  });
  const id = /\/sessions\/(ses_\w+)$/.exec(response.headers().location ?? "")?.[1];
  if (!id) throw new Error(`No session was made: ${response.status()} ${(await response.text()).slice(0, 500)}`);
  return id;
}

/** Saves a file as a new version, as the editor does. */
export async function saveFile(page: Page, id: string, file: { path: string; text: string; base: number }) {
  const { path, text, base } = file;
  const form = { intent: "save-text", changeId: newChangeId(), base: String(base), path, text };
  const response = await page.request.post(`/sessions/${id}`, { form, headers: originOf(page), maxRedirects: 0 });
  if (response.status() >= 400)
    throw new Error(`Nothing was saved: ${response.status()} ${(await response.text()).slice(0, 500)}`);
}

/** Requests that no page makes name the page they stand for. */
function originOf(page: Page): { origin: string } {
  return { origin: new URL(page.url()).origin };
}
