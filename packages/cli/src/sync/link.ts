/** Links a work tree with a session of the running Redline: the one that it was linked with, as long as that is open, else a new one. */
import { randomBytes } from "node:crypto";
import { CommandFailure } from "../failure";
import type { DifferenceSpec, Git } from "../git/git";
import type { Server } from "../server/server";
import { SyncEngine } from "./engine";
import type { StoredKnowledge } from "./known";
import type { SentFile, SyncEvent, TreeState } from "./ports";
import { createSession, SessionApi } from "./session-api";
import { sessionName } from "./session-name";
import { type Link, StoredLink } from "./stored-link";
import { WorkTree } from "./work-tree";

export type Asked = {
  git: Git;
  server: Server;
  spec: DifferenceSpec;
  /** As it was asked for, such as `main...topic`. */
  range: string;
  say: (event: SyncEvent) => void;
};

export type Linked = {
  id: string;
  session: SessionApi;
  engine: SyncEngine;
  /** What was staged of accepted lines; `keepStaged` keeps it for the next run. */
  staged: Map<string, string | null>;
  keepStaged: () => void;
};

/** What a followed work tree is compared with, by how it was asked for. */
export const followedSpec = (range: string, baseBranch: string | undefined): DifferenceSpec =>
  range === "--branch" ? { kind: "branch", ...(baseBranch && { configured: baseBranch }) } : { kind: "uncommitted" };

/** The session of another process that keeps the same link. */
export type Elsewhere = { id: string; pid: number };

export class WorkTreeLink {
  private readonly stored: StoredLink;
  private readonly tree: WorkTree;
  private readonly skipped = new Set<string>();

  constructor(private readonly asked: Asked) {
    const { git, server, spec, range } = asked;
    this.tree = new WorkTree(git, spec, range);
    this.stored = new StoredLink(server.folder, git.root, range, this.tree);
  }

  /** Takes the link for this process. Returns the other that has it, if any. */
  own(): Elsewhere | undefined {
    const owner = this.stored.own();
    if (!owner) return undefined;
    const { pid, sessionId: id } = owner;
    if (id !== undefined) return { id, pid };
    throw new CommandFailure(
      `Process ${pid} has this work tree, and no session of it yet.`,
      "It has one once something is changed.",
    );
  }

  /** What is skipped is said once, whether there is a session yet or not. */
  private say(event: SyncEvent): void {
    if (event.kind === "skipped" && this.skipped.has(event.path)) return;
    if (event.kind === "skipped") this.skipped.add(event.path);
    this.asked.say(event);
  }

  release(): void {
    this.stored.release();
  }

  /** Returns the session that the work tree is linked with; undefined where nothing is changed, so that there is none. */
  async open(): Promise<Linked | undefined> {
    const state = await this.settledState();
    const linked = (await this.rejoin(state)) ?? (await this.create(state));
    if (linked) this.stored.tell(linked.id);
    else for (const path of state.skipped ?? []) this.say({ kind: "skipped", path });
    return linked;
  }

  private async settledState(): Promise<TreeState> {
    const state = await this.tree.read([]);
    if (!state.busy || !this.tree.isFollowed) return state;
    throw new CommandFailure(`The work tree is in the middle of ${state.busy}.`, "Finish it, or abort it, first.");
  }

  private async rejoin({ source: { branch } }: TreeState): Promise<Linked | undefined> {
    const link = this.stored.read();
    if (!link || link.branch !== branch) return undefined;
    const session = new SessionApi(this.asked.server, link.sessionId);
    const { isTrashed, version } = await session.changesAfter(link.knowledge.version);
    // A data folder that was restored or emptied knows other versions.
    if (isTrashed || version < link.knowledge.version) return undefined;
    const linked = this.linked(session, link, link.staged);
    await linked.engine.resume(link.knowledge);
    return linked;
  }

  private async create(state: TreeState): Promise<Linked | undefined> {
    if (state.files.length === 0) return undefined;
    const files = state.files.map(({ head: after, disk: _, ...file }): SentFile => ({ ...file, after }));
    const { git, server, spec } = this.asked;
    const key = randomBytes(16).toString("hex");
    const { id, version } = await createSession(server, {
      key,
      name: sessionName(git.root, spec, state.source),
      source: state.source,
      files,
    });
    const session = new SessionApi(server, id);
    const linked = this.linked(session, state.source);
    linked.engine.begin(version, state, files);
    return linked;
  }

  private linked(session: SessionApi, { branch }: { branch?: string }, before: Link["staged"] = {}): Linked {
    const { git, range } = this.asked;
    const staged = new Map(Object.entries(before));
    const of = { root: git.root, range, sessionId: session.id };
    let [known, current]: [StoredKnowledge | undefined, string | undefined] = [undefined, branch];
    const keepStaged = () => {
      const on = current === undefined ? {} : { branch: current };
      if (known) this.stored.write({ ...of, ...on, knowledge: known, staged: Object.fromEntries(staged) });
    };
    const keep = (knowledge: StoredKnowledge) => {
      known = knowledge;
      keepStaged();
    };
    const heard = (event: SyncEvent) => {
      // The session follows the tree to another branch, and is taken up there.
      if (event.kind === "head") {
        current = event.source.branch;
        keepStaged();
      }
      this.say(event);
    };
    const engine = new SyncEngine(this.tree, session, heard, keep);
    return { id: session.id, session, engine, staged, keepStaged };
  }
}
