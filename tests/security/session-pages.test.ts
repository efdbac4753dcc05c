/** Every page of a session, those to come included: the routes are read. */
import { expect, it } from "vitest";
import { openPage } from "../support/open-page";
import { sessionPages } from "../support/page-paths";
import { pasteSession, stranger, withProduct } from "../support/product";

const product = withProduct();

it.each(sessionPages(":id"))(
  "%s responds with 404 for another team's session, and shows nothing of it",
  async (page) => {
    const open = async (id: string) => openPage(page.replace(":id", id));
    const foreign = await pasteSession(stranger, { "a.ts": "export const foreignCode = 1;\n" });
    const { status, html } = await open(foreign.id);
    expect(status).toBe(404);
    expect(html).toContain("That session was not found");
    expect(html).not.toContain("foreignCode");
    const own = await pasteSession(product.actor, { "a.ts": "export const ownCode = 1;\n" });
    expect((await open(own.id)).html).not.toContain("That session was not found");
  },
);
