import { readFileSync, symlinkSync } from "node:fs";
import type { Client } from "@modelcontextprotocol/client";
import { mapConcurrently } from "@redline/core/platform/map-concurrently";
import { describe, expect, it } from "vitest";
import { type Answer, call } from "../../../../tests/support/agents";
import { CODE, edit, LINES, now, propose, repositoryWith, withAgents } from "../../../../tests/support/proposals";

const { served, agentIn, codebaseOf, decide, note } = withAgents();

describe("files outside of what the client opened", () => {
  it("are refused: above the tree, beyond a link, in git's folder, and outside of its roots", async () => {
    const repository = repositoryWith({ "a.ts": CODE, "packages/one/b.ts": CODE });
    const outside = repositoryWith({ "secret.ts": CODE });
    symlinkSync(outside.root, repository.path("linked"));
    symlinkSync(outside.path("secret.ts"), repository.path("link.ts"));
    const roots = [{ uri: `file://${repository.path("packages/one")}` }];
    const agent = await agentIn(repository);
    const rooted = await agentIn(repository, {
      capabilities: { roots: {} },
      prepare: (client: Client) => client.setRequestHandler("roots/list", () => ({ roots })),
    });
    const write = (path: string) => ({ files: [{ path, content: "stolen\n" }] });
    const before = served.requests.length;
    for (const path of [
      "../x.ts",
      outside.path("secret.ts"),
      "linked/secret.ts",
      "link.ts",
      ".git/config",
      "a/../../x",
    ]) {
      await expect(propose(agent, write(path)), path).rejects.toThrow();
    }
    await expect(propose(rooted, write("a.ts"))).rejects.toThrow("outside of the folders that the client opened");
    await expect(call(rooted, "review_files", { paths: ["a.ts"] })).rejects.toThrow("outside");
    const diff = `--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-${LINES[0]}+export {};\n`;
    await expect(call(rooted, "review_diff", { diff })).rejects.toThrow("outside");
    await expect(propose(rooted, { diff })).rejects.toThrow("outside");
    expect(served.requests.length).toBe(before);
    expect((await call(agent, "review_files", { paths: ["link.ts"] })).notCovered).toMatchObject([
      { state: "skipped" },
    ]);
    const inRoot = await propose(rooted, write("packages/one/b.ts"));
    expect(inRoot.status).toBe("open");
    expect(readFileSync(outside.path("secret.ts"), "utf8")).toBe(CODE);
  });

  it("are known by roots in protocol 2026-07-28, too", async () => {
    const repository = repositoryWith({ "a.ts": CODE, "packages/one/b.ts": CODE });
    const rooted = await agentIn(repository, {
      version: "2026-07-28",
      capabilities: { roots: {} },
      prepare: (client: Client) =>
        client.setRequestHandler("roots/list", () => ({ roots: [{ uri: `file://${repository.path("packages")}` }] })),
    });
    await expect(call(rooted, "review_files", { paths: ["a.ts"] })).rejects.toThrow("outside");
    expect(await call(rooted, "review_files", { paths: ["packages/one/b.ts"] })).toMatchObject({ findings: [] });
  });
});

describe("waiting for a decision", () => {
  it("ends with it, and with a person's note, and tells of progress where it is asked for", async () => {
    const agent = await agentIn(repositoryWith());
    const proposed = await propose(agent, { edits: edit(2) });
    let isTold = () => {};
    const told = new Promise<void>((resolve) => {
      isTold = resolve;
    });
    const waiting = call(agent, "get_decision", { id: proposed.id }, { onprogress: () => isTold() });
    await told;
    await note(proposed, "Why?");
    expect(await waiting).toMatchObject({ status: "open", notes: [{ text: "Why?" }] });
    const again = call(agent, "get_decision", { id: proposed.id });
    await decide(proposed, "reject");
    expect(await again).toMatchObject({ status: "decided" });
  });

  it("says that it is still open, after its time", async () => {
    const agent = await agentIn(repositoryWith());
    const proposed = await propose(agent, { edits: edit(2) });
    const decision = await call(agent, "get_decision", { id: proposed.id, wait_seconds: 1 });
    expect(decision).toMatchObject({ status: "open", next: expect.stringContaining("Still open") });
  });

  it("asks nothing more once the client has cancelled it", async () => {
    const agent = await agentIn(repositoryWith(), { host: { pollMs: 1 } });
    const proposed = await propose(agent, { edits: edit(2) });
    const cancelled = new AbortController();
    const options = { signal: cancelled.signal, onprogress: () => cancelled.abort("enough") };
    await expect(call(agent, "get_decision", { id: proposed.id }, options)).rejects.toThrow();
    await call(agent, "get_decision", { id: proposed.id, ...now });
    // One that went on would ask many times meanwhile.
    const before = served.requests.length;
    for (let times = 0; times < 10; times++) await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(served.requests.length).toBe(before + 10);
  });

  it("leads the person to the page where the client can do so", async () => {
    const asked: string[] = [];
    let proposed: Answer = {};
    const agent = await agentIn(repositoryWith(), {
      version: "2026-07-28",
      capabilities: { elicitation: { url: {} } },
      prepare: (client: Client) =>
        client.setRequestHandler("elicitation/create", async ({ params }) => {
          asked.push("url" in params ? params.url : "");
          await decide(proposed, "accept");
          return { action: "accept" as const };
        }),
    });
    proposed = await propose(agent, { edits: edit(2) });
    const decision = await call(agent, "get_decision", { id: proposed.id, wait_seconds: 1 });
    expect(decision).toMatchObject({ status: "decided", workTree: { written: ["a.ts"] } });
    expect(asked).toEqual([`${served.address}/sessions/${proposed.session}?thread=${proposed.thread}`]);
  });
});

it("decides each of 100 proposals once that 5 agents make at the same time of one file", async () => {
  const repository = repositoryWith();
  const names = ["one", "two", "three", "four", "five"];
  const agents = await Promise.all(names.map((name) => agentIn(repository, { name })));
  const ofAgent = async (agent: Client, number: number): Promise<Answer[]> => {
    const at = (each: number) => number * 20 + each;
    // A session has 50 open threads at most, so that each continues four of its own.
    const first = await Promise.all([0, 1, 2, 3].map((each) => propose(agent, { edits: edit(at(each)) })));
    const rest = Array.from({ length: 16 }, (_, each) =>
      propose(agent, { edits: edit(at(each + 4)), thread: first[each % 4]?.thread }),
    );
    return [...first, ...(await Promise.all(rest))];
  };
  const proposed = (await Promise.all(agents.map(ofAgent))).flat();
  expect(new Set(proposed.map(({ id }) => id)).size).toBe(100);
  expect(new Set(proposed.map(({ session }) => session)).size).toBe(1);

  // Two people decide on each at the same moment, and differ.
  const outcomes = await mapConcurrently(proposed, 10, async (each) => {
    const [accepted, rejected] = await Promise.allSettled([decide(each, "accept"), decide(each, "reject")]);
    const isApplied =
      accepted.status === "fulfilled" && "outcome" in accepted.value && accepted.value.outcome === "applied";
    const isRejected =
      rejected.status === "fulfilled" && "status" in rejected.value && rejected.value.status === "rejected";
    return { isApplied, isRejected };
  });
  expect(outcomes.filter(({ isApplied, isRejected }) => isApplied === isRejected)).toEqual([]);
  const [agent] = agents as [Client];
  const decisions = await mapConcurrently(proposed, 10, ({ id }) => call(agent, "get_decision", { id, ...now }));
  const told = decisions.map(({ hunks }) => hunks.map(({ decision }: Answer) => decision).join());
  expect(told).toEqual(outcomes.map(({ isApplied }) => (isApplied ? "accepted" : "rejected")));
  const wanted = LINES.map((line, at) => (told[at] === "accepted" ? `export const v${at} = ${at}00;\n` : line));
  expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(wanted.join(""));
  const { number } = await codebaseOf(proposed[0] as Answer);
  expect(number).toBe(1 + outcomes.filter(({ isApplied }) => isApplied).length);
});
