import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redirectWithin, safeRedirect } from "./safe-redirect.server";

const ORIGIN = "http://localhost:3000";
const request = new Request(`${ORIGIN}/auth/sign-in?to=%2Fsessions`);
const FALLBACK = "/fallback";

/** Addresses that a browser may be at when it is redirected; only an attacker's link makes the last two. */
const BASES = [
  "/",
  "/auth/sign-in?to=//evil.example",
  "/sessions/ses_1/merge?draftId=a#x",
  "/a/./b/",
  "//evil.example/",
  "/.//",
];

const PIECES = (
  "/ // /// \\ /\\ \\/ . .. ... /. /.. /./ /../ %2e %2E%2e %2f %2F%2f %5c %5C %09 %0a %0d %00 %25 %252f %zz @ : :// ? # & = ; " +
  "evil.example //evil.example user:pw@ 127.0.0.1 [::1] localhost localhost:3000 http: https: HTTP: javascript: data: blob: " +
  "file: ftp: ws: http:// https:// sessions auth a b ..;"
)
  .split(" ")
  .concat([
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\x0b",
    "\x1f",
    "\x7f",
    "\u00a0",
    "\ufeff",
    "\u2028",
    "\u200b",
    "\u3002",
  ])
  .concat(["／", "＼", "．", "⁄", "∕", "。", "é", "e\u0301", "😀", "\ud800", ORIGIN, `${ORIGIN}/`, `blob:${ORIGIN}/`]);

const target = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((pieces) => pieces.join("")),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** A reference resolved by RFC 3986's own algorithm, by none of the code that decided; null for an opaque address. */
function hostByTheRfc(reference: string, base: { host: string; path: string }): { host: string; path: string } | null {
  const [, scheme, , authority, path = ""] = /^(?:([A-Za-z][\w+.-]*):)?(\/\/([^/?#]*))?([^?#]*)/.exec(reference) ?? [];
  if (scheme !== undefined && authority === undefined) return null;
  if (authority !== undefined) return { host: authority, path: withoutDots(path) };
  if (path === "") return base;
  const merged = path.startsWith("/") ? path : base.path.replace(/[^/]*$/, "") + path;
  return { host: base.host, path: withoutDots(merged) };
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/");
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === "..") kept.splice(Math.max(1, kept.length - 1));
    if (segment !== "." && segment !== "..") kept.push(segment);
    else if (isLast) kept.push("");
  }
  return kept.join("/");
}

/** Readings of an address by old browsers, proxies and careless code: a character dropped, reversed or decoded first. */
const READINGS: ((address: string) => string)[] = [
  (address) => address,
  (address) => address.replaceAll("\\", "/"),
  (address) => address.replace(/[\t\r\n]/g, "").trim(),
  (address) =>
    address
      .replace(/[?#].*/s, "")
      .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  (address) => address.normalize("NFKC"),
];

function leadsAway(address: string): string[] {
  const found: string[] = [];
  if (!/^\/(?![/\\])/.test(address) || /[^\x21-\x7e]|\\/.test(address)) found.push("is no plain path");
  for (const base of BASES) {
    const url = new URL(address, ORIGIN + base);
    if (url.origin !== ORIGIN || url.pathname.includes("//")) found.push(`from ${base}: ${url.href}`);
    if (url.href !== ORIGIN + address) found.push(`from ${base} it is another: ${url.href}`);
    for (const read of READINGS) {
      const end = hostByTheRfc(read(address), { host: "localhost:3000", path: base.split(/[?#]/)[0] ?? "/" });
      if (end?.host !== "localhost:3000" || end.path.startsWith("//"))
        found.push(`read otherwise: ${JSON.stringify(end)}`);
    }
  }
  return found;
}

describe("a redirect to a submitted address", () => {
  it("accepts every page of this site, with its query and hash", () => {
    for (const path of [
      "/",
      "/sessions",
      "/sessions?search=a%20b&from=2026-01-01",
      "/sessions/ses_1?file=src%2Fa.ts&line=3",
      "/settings/model#budget",
      "/ops?resume=redrive&before=1",
    ]) {
      expect(safeRedirect(request, path, FALLBACK)).toBe(path);
      expect(safeRedirect(request, ORIGIN + path, FALLBACK)).toBe(path);
    }
    expect(safeRedirect(request, "/sessions?search=a\\b//c", FALLBACK)).toBe("/sessions?search=a%5Cb//c");
    expect(safeRedirect(request, "/sessions/../trash", FALLBACK)).toBe("/trash");
    expect(safeRedirect(request, "/sessions?search=é", FALLBACK)).toBe("/sessions?search=%C3%A9");
  });

  it.each([
    ...["//evil.example", "/.//evil.example", "/..//evil.example", "/%2e//evil.example", "/a/..//evil.example"],
    ...["/./\\evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/.\t//evil.example"],
    ...[
      "https://evil.example/",
      "http:evil.example",
      "http:\\\\evil.example",
      "https:localhost:3000",
      "///evil.example",
    ],
    ...["javascript:alert(1)", "data:text/html,x", `blob:${ORIGIN}/x`, `blob:${ORIGIN}//evil.example`],
    ...[
      "http://localhost:3001/",
      "https://localhost:3000/",
      "http://user@localhost:3000/",
      "http://localhost:3000@evil.example",
    ],
    ...[
      "/%2f/evil.example",
      "/%5cevil.example",
      "/a%0d%0aset-cookie:x",
      "/%252f%252fevil.example",
      "/x//y",
      "/\u0000",
      "evil.example",
      "",
    ],
    ...["http://[", null, undefined, 7, new File([], "x")],
  ])("does not follow %j", (sent) => {
    expect(safeRedirect(request, sent, FALLBACK)).toBe(FALLBACK);
  });

  it("does not follow what is longer than any page's address", () => {
    expect(safeRedirect(request, `/sessions?search=${"a".repeat(5_000)}`, FALLBACK)).toBe(FALLBACK);
  });

  it("stays on this site for ten thousand generated targets, in every parser and from every page", () => {
    let kept = 0;
    fc.assert(
      fc.property(target, (sent) => {
        const address = safeRedirect(request, sent, FALLBACK);
        if (address !== FALLBACK) kept++;
        expect(leadsAway(address)).toEqual([]);
        expect(safeRedirect(request, address, "/other")).toBe(address);
      }),
      { numRuns: 10_000 },
    );
    // Refusing everything would hold as well.
    expect(kept).toBeGreaterThan(500);
  });

  it("is a response with the location and the other headers", () => {
    const response = redirectWithin(request, "/.//evil.example", {
      headers: { "set-cookie": "a=b" },
      fallback: "/trash",
    });
    expect([response.status, response.headers.get("location"), response.headers.get("set-cookie")]).toEqual([
      302,
      "/trash",
      "a=b",
    ]);
  });
});
