import { type PageDifference, VIEW_COOKIE } from "./page";

/** Returns how a difference is shown: as the address says, else as it was chosen last. */
export function readDifferenceView(request: Request): PageDifference["view"] {
  const asked = new URL(request.url).searchParams.get("view");
  if (asked === "file" || asked === "split" || asked === "unified") return asked;
  const cookies = request.headers.get("cookie") ?? "";
  return new RegExp(`(?:^|; ?)${VIEW_COOKIE}=split(?:;|$)`).test(cookies) ? "split" : "unified";
}
