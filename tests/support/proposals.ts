/** Agents in work trees of their own, and a person who decides on what they propose. */
import type { Client } from "@modelcontextprotocol/client";
import { applyChange, rejectChange } from "@redline/core/changes/index";
import { changesOnHead } from "@redline/core/changes/internal";
import { getCodebase } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import { postMessage } from "@redline/core/threads/index";
import { newMessageId } from "@redline/core/threads/schema";
import { afterEach } from "vitest";
import { removeRepositories, TestRepository } from "../../packages/cli/src/repositories.test-support";
import { type Answer, call, connectAgent, endAgents, withServedProduct } from "./agents";
import { withProduct } from "./product";

export const LINES = Array.from({ length: 130 }, (_, at) => `export const v${at} = ${at};\n`);
export const CODE = LINES.join("");

/** For `get_decision`. */
export const now = { wait_seconds: 0 };

/** An edit of the lines with these numbers, from 0. */
export const edit = (...lines: number[]) =>
  lines.map((at) => ({ path: "a.ts", search: LINES[at], replace: `export const v${at} = ${at}00;\n` }));

export function repositoryWith(files: Record<string, string> = { "a.ts": CODE }): TestRepository {
  const repository = new TestRepository();
  repository.commit(files);
  return repository;
}

export const propose = (agent: Client, args: object) => call(agent, "propose_change", { summary: "Multiply", ...args });

/** Serves the product, and ends agents and work trees after each test. */
export function withAgents() {
  const product = withProduct();
  const served = withServedProduct();
  afterEach(async () => {
    await endAgents();
    removeRepositories();
  });

  const codebaseOf = async (proposed: Answer) => {
    const session = await getSession(product.actor, { id: proposed.session });
    return getCodebase(product.actor, { id: session.codebaseId });
  };
  return {
    product,
    served,
    codebaseOf,
    agentIn: (repository: TestRepository, more: object = {}) =>
      connectAgent({ cwd: repository.root, folder: served.folder, ...more }),
    /** A person accepts or rejects what is left of a change, or one hunk of it. */
    decide: async (proposed: Answer, decision: "accept" | "reject", hunk?: number) => {
      const codebase = await codebaseOf(proposed);
      const [found] = await changesOnHead(codebase, [String(proposed.id).split(".")[1] ?? ""]);
      const input = {
        codebaseId: codebase.id,
        changeId: found?.change.id ?? "",
        ...(hunk !== undefined && { hunks: [hunk] }),
      };
      return decision === "accept" ? applyChange(product.actor, input) : rejectChange(product.actor, input);
    },
    /** A person writes in the change's thread. */
    note: (proposed: Answer, text: string) =>
      postMessage(product.actor, {
        ...{ sessionId: proposed.session, threadId: proposed.thread },
        ...{ id: newMessageId(), text, wantsReply: false },
      }),
  };
}
