import { readFileSync } from "node:fs";
import { getDifference } from "@redline/core/differences/index";
import { afterEach, describe, expect, it } from "vitest";
import { call } from "../../../../tests/support/agents";
import { openPage } from "../../../../tests/support/open-page";
import { CODE, edit, LINES, now, propose, repositoryWith, withAgents } from "../../../../tests/support/proposals";
import { openGit } from "../git/repository";
import type { TestRepository } from "../repositories.test-support";
import { connectServer } from "../server/server";
import { watchDisk } from "../sync/disk-watch";
import { follow } from "../sync/follow";
import { WorkTreeLink } from "../sync/link";

const { product, served, agentIn, decide } = withAgents();
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Links a work tree as `redline` does. Returns the session's id, how to wait for a look at both sides, and how to end it. */
async function linked(repository: TestRepository) {
  const env = { ...process.env, REDLINE_DATA: served.folder };
  const [git, server] = [await openGit(repository.root, env), await connectServer({ cwd: repository.root, env })];
  const spec = { kind: "uncommitted" } as const;
  const link = new WorkTreeLink({ git, server, spec, range: "HEAD", say: () => undefined });
  link.own();
  const opened = await link.open();
  if (!opened) throw new Error("Nothing is changed.");
  const ended = new AbortController();
  const watch = (changed: () => void) => watchDisk(git, changed, () => undefined);
  const { engine, session } = opened;
  const failed = () => undefined;
  const following = follow({ engine, session, watch, failed, signal: ended.signal });
  const end = async () => {
    ended.abort();
    await following;
    link.release();
    await git.close();
  };
  ends.push(end);
  return { id: opened.id, end };
}

const FILES = {
  "a.ts": CODE,
  "b.ts": "export const b = 1;\n",
  ".gitattributes": "*.txt text eol=crlf\n",
  "c.txt": "c\n",
};

function changed(): TestRepository {
  const repository = repositoryWith(FILES);
  repository.write({ "a.ts": `// Edited\n${CODE}` });
  return repository;
}

describe("a proposal for a work tree that redline has open", () => {
  it("is shown in that session, and what is accepted is written once, by redline", async () => {
    const repository = changed();
    const { id } = await linked(repository);
    const agent = await agentIn(repository);
    const proposed = await propose(agent, { edits: edit(2, 50) });
    expect(proposed.session).toBe(id);
    const page = await openPage(proposed.url.slice(served.address.length));
    expect(page.html).toContain(`data-proposal="${proposed.id.split(".")[1]}"`);
    await decide(proposed, "accept", 0);
    const decision = await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(decision.workTree).toEqual({ written: ["a.ts"], notWritten: [] });
    const accepted = `// Edited\n${CODE.replace(LINES[2] as string, "export const v2 = 200;\n")}`;
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(accepted);
    // What a person then takes back on disk is not written again.
    repository.write({ "a.ts": `// Edited\n${CODE}` });
    await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(`// Edited\n${CODE}`);
  });

  it("may be of files that are not changed, that git writes with CRLF, and that are not there yet", async () => {
    const repository = changed();
    repository.write({ "c.txt": "c\r\n" });
    const { id } = await linked(repository);
    const agent = await agentIn(repository);
    const files = [
      { path: "b.ts", content: "export const b = 2;\n" },
      { path: "c.txt", content: "c\r\nd\r\n" },
      { path: "new.ts", content: "export {};\n" },
    ];
    const proposed = await propose(agent, { files });
    expect(proposed.session).toBe(id);
    const difference = await getDifference(product.actor, { sessionId: id });
    expect(difference?.files.map(({ path }) => path)).toEqual(["a.ts", "b.ts", "c.txt"]);
    await decide(proposed, "accept");
    const { workTree } = await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(workTree).toEqual({ written: ["b.ts", "c.txt", "new.ts"], notWritten: [] });
    expect(files.map(({ path }) => readFileSync(repository.path(path), "utf8"))).toEqual(
      files.map(({ content }) => content),
    );
  });

  it("is refused where the session has other text, and names the session", async () => {
    const repository = changed();
    const { id, end } = await linked(repository);
    const agent = await agentIn(repository);
    const proposed = await propose(agent, { edits: edit(2) });
    repository.write({ "a.ts": CODE.replace(LINES[2] as string, "export const v2 = -1;\n") });
    await decide(proposed, "accept");
    await expect(propose(agent, { edits: edit(50) })).rejects.toThrow(`a.ts on disk is not what the session ${id}`);
    const { workTree } = await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(workTree).toMatchObject({ written: [], notWritten: [{ path: "a.ts" }] });
    await end();
    expect((await propose(agent, { edits: edit(50) })).session).not.toBe(id);
  });
});
