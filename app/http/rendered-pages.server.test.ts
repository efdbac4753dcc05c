import { describe, expect, it } from "vitest";
import { keepPage, keptPage, pageKey } from "./rendered-pages.server";

const keyOf = (data: object, fresh: string[], address = "/a") => pageKey(address, { root: data }, fresh) ?? "none";

describe("a page that was rendered before", () => {
  it("is kept for the same address and data, with each response's own nonce and ids", () => {
    keepPage(keyOf({ id: "ses_1", next: "thr_1" }, ["no+nce", "thr_1"]), '<i nonce="no+nce">thr_1 ses_1 thr_1</i>', [
      "no+nce",
      "thr_1",
    ]);
    const again = ["other/=", "thr_2"];
    expect(keptPage(keyOf({ id: "ses_1", next: "thr_2" }, again), again)).toBe(
      '<i nonce="other/=">thr_2 ses_1 thr_2</i>',
    );
  });

  it.each([
    ["other data", { id: "ses_2", next: "thr_3" }, "/a"],
    ["another address", { id: "ses_1", next: "thr_3" }, "/b"],
    ["data in which the fresh id stands elsewhere", { id: "thr_3", next: "ses_1" }, "/a"],
  ])("is not the page of %s", (_, data, address) => {
    keepPage(keyOf({ id: "ses_1", next: "thr_1" }, ["n", "thr_1"]), "page", ["n", "thr_1"]);
    expect(keptPage(keyOf(data, ["n", "thr_3"], address), ["n", "thr_3"])).toBeUndefined();
  });

  it("is not cached while some of its data is still pending", () => {
    expect(pageKey("/a", { root: { later: Promise.resolve(1) } }, ["n"])).toBeUndefined();
  });
});
