import { newChangeId } from "@redline/core/changes/schema";
import { trashSession } from "@redline/core/sessions/index";
import { expect, it } from "vitest";
import { importHandler, openPage } from "../../tests/support/open-page";
import { pasteSession, withProduct } from "../../tests/support/product";

const product = withProduct();

it("a save that is refused shows what was typed again, also without JavaScript", async () => {
  const { id } = await pasteSession(product.actor, { "a.ts": "let a = 1;\n" });
  const { html } = await openPage(`/sessions/${id}?file=a.ts&edit=1`);
  const action = /<form method="post" action="([^"]+)" class="flex/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect(action).toContain("edit=1");
  await trashSession(product.actor, { id });
  const fields = { intent: "save-text", changeId: newChangeId(), base: "1", path: "a.ts", text: "let typed = 2;\n" };
  const respond = await importHandler();
  const origin = "http://localhost:3000";
  const headers = { accept: "text/html", origin, host: "localhost:3000" };
  const response = await respond(
    new Request(origin + action, { method: "POST", headers, body: new URLSearchParams(fields) }),
  );
  expect(response.status).toBe(403);
  const page = await response.text();
  expect(/<textarea[^>]*>([^<]*)</.exec(page)?.[1]).toBe("let typed = 2;\n");
  expect(page).toContain("Restore it to save.");
});
