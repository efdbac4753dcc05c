/** Every route for those who aren't signed in, or may not see what it is about; those to come included. */
import { writeFileSync } from "node:fs";
import { requestReset, signUp } from "@redline/core/accounts/internal";
import { startSignIn } from "@redline/core/auth/index";
import type { Session } from "@redline/core/sessions/schema";
import { removeMember } from "@redline/core/teams/index";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { handle } from "../../app/http/handler.server";
import { signInCookie } from "../../app/http/sign-in-cookie.server";
import {
  actorOf,
  joinTeam,
  mailedToken,
  newPerson,
  ORIGIN,
  PASSWORD,
  somewhere,
  teamOf,
  withAccounts,
} from "../support/accounts";
import { importHandler } from "../support/open-page";
import { pasteSession, withProduct } from "../support/product";
import { routes } from "../support/server-build";

withProduct();
const made = withAccounts();

/** What leads to an account, the health check, and a visitor's own choice of colours. */
const OPEN = [
  "/auth/sign-in",
  "/auth/sign-up",
  "/auth/confirm",
  "/auth/forgot",
  "/auth/reset",
  "/auth/invitation",
  "/once/:token",
];

let respond: typeof handle;
let session: Session;
let cases = 0;
const leaks: string[] = [];
const cookies: Record<string, string> = {};

const paths = Object.values(routes).flatMap((route) =>
  route?.path && route.path !== "*" ? [`/${route.path}`] : route?.index ? ["/"] : [],
);

const filled = (path: string): string =>
  path
    .replace(":id", path.startsWith("/logs/") ? `${session.id}.1` : session.id)
    .replace(":thread", `thr_${"0".repeat(26)}`)
    .replace(":team", session.teamId)
    .replace(":token", "0".repeat(43));

/** The cookie that a browser sends for a sign-in. */
async function cookieOf(signIn: string): Promise<string> {
  const header = await signInCookie(new Request("http://localhost:3000/"), signIn);
  return header.split(";")[0] ?? "";
}

beforeAll(async () => {
  respond = await importHandler();
  const team = await teamOf(made.admin);
  const admin = await actorOf({ id: made.admin.userId });
  session = await pasteSession({ ...admin, currentTeamId: team.id }, { "a.ts": "export const secretOfTheTeam = 1;\n" });
  const removed = await joinTeam(admin, team.id, "admin");
  const elsewhere = await teamOf(admin);
  const peer = await joinTeam(await actorOf({ id: admin.userId }), elsewhere.id, "admin");
  process.env.REDLINE_SIGN_UP = "open";
  const unconfirmed = await signUp(newPerson(), somewhere());
  delete process.env.REDLINE_SIGN_UP;
  for (const [who, id] of Object.entries({ removed: removed.userId, peer: peer.userId, unconfirmed: unconfirmed.id })) {
    const { session: cookie } = await startSignIn({ id, epoch: 1 }, { address: "192.0.2.1" });
    cookies[who] = await cookieOf(cookie);
  }
  await removeMember(admin, { teamId: team.id, userId: removed.userId });
  cookies["revoked sign-in"] = await cookieOf(`${peer.userId}.${"a".repeat(43)}`);
  cookies.anonymous = "";
});

/** `npm run matrix` reads what was asked, and what was answered that should not have been. */
afterAll(() => {
  const file = process.env.REDLINE_MATRIX_ROUTES;
  if (file)
    writeFileSync(file, JSON.stringify({ routes: paths.length, actors: Object.keys(cookies).length, cases, leaks }));
});

async function ask(who: string, method: string, path: string, accept: string) {
  cases += 1;
  const headers: Record<string, string> = {
    origin: "http://localhost:3000",
    host: "localhost:3000",
    accept,
    cookie: cookies[who] ?? "",
    "x-redline-user": "usr_local",
  };
  if (method === "POST") headers["content-type"] = "application/x-www-form-urlencoded";
  const response = await respond(
    new Request(`http://localhost:3000${filled(path)}`, {
      method,
      headers,
      ...(method === "POST" && { body: "intent=leave" }),
    }),
  );
  const text = await response.text();
  const to = response.headers.get("location") ?? undefined;
  if (text.includes("secretOfTheTeam")) leaks.push(`${who}: ${method} ${path}`);
  return { status: response.status, to, text };
}

const METHODS = [
  ["GET", "text/html"],
  ["GET", "*/*"],
  ["POST", "*/*"],
] as const;

it.each(["anonymous", "revoked sign-in", "unconfirmed"])(
  "%s gets no further than the pages that lead to an account",
  async (who) => {
    const passed: string[] = [];
    for (const path of paths) {
      if (OPEN.includes(path) || (who === "unconfirmed" && path === "/auth/sign-out")) continue;
      for (const [method, accept] of METHODS) {
        const { status, to } = await ask(who, method, path, accept);
        const isSentAway = status === 302 && /^\/auth\/(sign-in|confirm)/.test(to ?? "");
        if (!isSentAway && ![401, 403].includes(status)) passed.push(`${method} ${path}: ${status}`);
      }
    }
    expect(passed).toEqual([]);
  },
);

it("whoever is signed in gets their own pages", async () => {
  for (const who of ["peer", "removed"]) {
    for (const path of ["/", "/sessions", "/teams", "/settings/account"]) {
      expect([who, path, (await ask(who, "GET", path, "text/html")).status]).toEqual([who, path, 200]);
    }
  }
  expect(await ask("unconfirmed", "GET", "/sessions", "text/html")).toMatchObject({ status: 302, to: "/auth/confirm" });
});

it.each(["peer", "removed"])("a %s gets nothing of a team that they are no member of, by any address", async (who) => {
  const passed: string[] = [];
  for (const path of paths.filter((each) => /:(id|thread|team)/.test(each))) {
    for (const [method, accept] of METHODS) {
      const { status } = await ask(who, method, path, accept);
      // A method that the route has not, a form that is not one of its own, or a program's token that is not sent.
      if (![400, 401, 404, 405, 415].includes(status)) passed.push(`${method} ${path}: ${status}`);
    }
  }
  expect(passed).toEqual([]);
  expect(leaks).toEqual([]);
});

it("a mailed link is in no address, page or cookie of another once it was followed", async () => {
  const person = newPerson();
  process.env.REDLINE_SIGN_UP = "open";
  await signUp(person, somewhere());
  delete process.env.REDLINE_SIGN_UP;
  await requestReset(person.email, { ...somewhere(), origin: ORIGIN });
  await expect.poll(() => mailedToken(person.email).catch(() => "")).not.toBe("");
  const token = await mailedToken(person.email);
  const response = await respond(
    new Request(`http://localhost:3000/once/${token}`, { headers: { accept: "text/html" } }),
  );
  expect([response.status, response.headers.get("location"), response.headers.get("cache-control")]).toEqual([
    302,
    "/auth/reset",
    "no-store",
  ]);
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^mailed-reset-3000=.*HttpOnly; SameSite=Lax$/),
  ]);
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const page = await respond(
    new Request("http://localhost:3000/auth/reset", { headers: { accept: "text/html", cookie } }),
  );
  const html = await page.text();
  expect(html).toContain("New password");
  expect(html).not.toContain(token);
  expect(html).not.toContain(PASSWORD);
});
