/** `propose_change`: an edit becomes a Change of a session, which a person accepts by hunk. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { detectLanguage } from "@redline/core/reviewers/schema";
import { PatchRefused, readDiffText } from "@redline/core/text/index";
import * as v from "valibot";
import type { Input } from "../../apply/input";
import { planPatch } from "../../apply/plan";
import type { PatchTree } from "../../apply/tree";
import { CommandFailure } from "../../failure";
import { decodeFile } from "../../review/file-text";
import type { Decision, Proposed } from "../api";
import type { Call } from "../call";
import { countBySeverity } from "../findings";
import { newMessageId, newThreadId, proposalId } from "../ids";
import { inLinked, linkedSession, writeAccepted } from "../linked";
import type { Workspace } from "../workspace";

/** Few enough to be read by a person, and checked well inside a client's minute. */
const MAX_FILES = 20;
const MAX_CHARS = 1024 * 1024;
const MAX_BASE_BYTES = 5 * 1024 * 1024;

const edit = v.object({
  path: v.string(),
  search: v.pipe(v.string(), v.minLength(1), v.description("Lines of the file, whole and as they are there.")),
  replace: v.pipe(v.string(), v.description("The lines in their place; empty to delete them.")),
});

const file = v.object({
  path: v.string(),
  content: v.pipe(v.nullable(v.string()), v.description("The whole new text; null deletes the file.")),
});

const base = {
  summary: v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("What the change does, in one line.")),
  explanation: v.optional(
    v.pipe(v.string(), v.maxLength(5_000), v.description("Why, in Markdown, for the person who decides.")),
  ),
  edits: v.optional(v.pipe(v.array(edit), v.minLength(1), v.maxLength(200))),
  diff: v.optional(v.pipe(v.string(), v.maxLength(MAX_CHARS), v.description("A diff in any common dialect."))),
  files: v.optional(v.pipe(v.array(file), v.minLength(1), v.maxLength(MAX_FILES))),
  session: v.optional(
    v.pipe(
      v.string(),
      v.description(
        "A session's id; without it, the one that redline has open on this work tree, else the agents' own of the tree.",
      ),
    ),
  ),
  thread: v.optional(v.pipe(v.string(), v.description("A thread's id: the change answers what was said there."))),
};

export const proposeInput = v.object(base);
/** Where the owner started the server with --allow-apply. */
export const proposeOrApplyInput = v.object({
  ...base,
  apply: v.optional(v.pipe(v.boolean(), v.description("Apply it at once, without a person's decision."))),
});

export const proposeOutput = v.looseObject({
  id: v.string(),
  url: v.string(),
  session: v.string(),
  thread: v.string(),
  status: v.string(),
  hunks: v.number(),
});

type ProposeInput = v.InferOutput<typeof proposeOrApplyInput>;
type Planned = { path: string; before: string | null; after: string | null };

export const proposeChange = (input: ProposeInput, call: Call) =>
  call.inWorkspace(async (workspace) => {
    const onDisk = await planned(input, workspace);
    call.signal.throwIfAborted();
    const { files, target } = await targetOf(input, onDisk, call, workspace);
    const sent = {
      ...target,
      ...(input.thread ? { thread: input.thread } : { threadId: newThreadId() }),
      ...{ messageId: newMessageId(), agent: call.agent, summary: input.summary, files },
      ...(input.explanation && { text: input.explanation }),
    };
    const [made, findings] = await Promise.all([
      call.host.api.send<Proposed>("POST", "/agents/proposals", sent, call.signal),
      findingsOf(files, call),
    ]);
    call.host.lastSession = made.sessionId;
    const answer = {
      ...{ id: proposalId(made), url: made.url, session: made.sessionId, thread: made.threadId, hunks: made.hunks },
      findings,
      evidence: evidenceOf(made),
    };
    if (input.apply) return { ...answer, ...(await apply(made, call, workspace)) };
    const next = "A person decides at the url. Ask get_decision for the outcome; don't make this edit yourself.";
    return { ...answer, status: "open", next };
  });

function evidenceOf({ evidence }: Proposed) {
  if (!evidence) return { parses: "unknown" };
  const { parses, parseError, notChecked, added, removed, repeated, lineEnds } = evidence;
  return { parses, parseError, notChecked, added, removed, repeated, lineEnds };
}

/** Findings of the changed files before and after, by severity. */
async function findingsOf(files: readonly Planned[], { host }: Call) {
  const check = async (path: string, text: string | null) =>
    text === null
      ? []
      : host.pool().use(async (reviewer) => {
          const { problems } = await reviewer.check({ path, text, language: detectLanguage(path, text) });
          return problems;
        });
  const before = await Promise.all(files.map(({ path, before }) => check(path, before)));
  const after = await Promise.all(files.map(({ path, after }) => check(path, after)));
  return { before: countBySeverity(before.flat()), after: countBySeverity(after.flat()) };
}

/** The named session, else the one that a running `redline` links with the work tree, else the agents' own of the tree. */
async function targetOf({ session, thread }: ProposeInput, files: Planned[], call: Call, workspace: Workspace) {
  const linked = await linkedSession(call, workspace);
  const id = linked?.owner.sessionId;
  const { lastSession } = call.host;
  // A thread is continued where it is.
  const isElsewhere = thread !== undefined && lastSession !== undefined && lastSession !== id;
  if (linked && (session === undefined ? !isElsewhere : session === id)) {
    return { files: await inLinked(linked, files, call, workspace), target: { session: id } };
  }
  return { files, target: session === undefined ? { tree: treeOf(workspace) } : { session } };
}

/** Agents of one work tree meet in one session. */
const treeOf = ({ git: { root } }: Workspace) => ({
  key: createHash("sha256").update(root).digest("hex"),
  name: `${basename(root).slice(0, 80) || "Work tree"}: proposals`,
});

async function apply({ sessionId, changeId }: Proposed, call: Call, workspace: Workspace) {
  const path = `/agents/sessions/${sessionId}/changes/${changeId}`;
  const outcome = await call.host.api.send<{ outcome: string; reason?: string }>("POST", path, { agent: call.agent });
  if (outcome.outcome !== "applied")
    return { status: "open", reason: outcome.reason ?? "It conflicts with newer code." };
  const { applied } = await call.host.api.send<Decision>("GET", path);
  return { status: "applied", workTree: await writeAccepted(sessionId, applied, call, workspace) };
}

/** The files' texts before and after. Throws CommandFailure for an edit that does not fit the work tree. */
async function planned(input: ProposeInput, workspace: Workspace): Promise<Planned[]> {
  const given = [input.edits, input.diff, input.files].filter((each) => each !== undefined);
  if (given.length !== 1) throw new CommandFailure("Give one of edits, diff and files.");
  const tree = workspace.files();
  try {
    const files = input.files ? wholeFiles(input.files, workspace, tree) : await edited(input, workspace, tree);
    const changed = files.filter(({ before, after }) => before !== after);
    if (changed.length === 0) throw new CommandFailure("It changes nothing: the files have that text already.");
    if (changed.length > MAX_FILES)
      throw new CommandFailure(`A change may have ${MAX_FILES} files. Propose it in parts.`);
    for (const { path, after } of changed) requireText(path, after);
    return changed;
  } catch (error) {
    if (error instanceof PatchRefused)
      throw new CommandFailure(error.message, "Read the file again, and propose anew.");
    throw error;
  }
}

function wholeFiles(files: NonNullable<ProposeInput["files"]>, workspace: Workspace, tree: PatchTree): Planned[] {
  const seen = new Set<string>();
  return files.map(({ path: given, content: after }) => {
    const path = workspace.path(given);
    if (seen.has(path)) throw new CommandFailure(`${path} comes twice.`);
    seen.add(path);
    return { path, before: tree.read(path), after };
  });
}

async function edited(input: ProposeInput, workspace: Workspace, tree: PatchTree): Promise<Planned[]> {
  const plan = await planPatch(readInput(input, workspace), tree, async (id) => {
    const content = await workspace.git.readBlob(id, MAX_BASE_BYTES);
    const decoded = Buffer.isBuffer(content) ? decodeFile(content) : content;
    return "text" in decoded ? decoded.text : undefined;
  });
  if (plan.outcome === "refused") throw new CommandFailure(plan.reason, "Read the file again, and propose anew.");
  const conflict = plan.files.find(({ conflicts }) => conflicts > 0);
  if (conflict) throw new CommandFailure(`${conflict.path} has other code at these lines by now. Read it again.`);
  return plan.files.map(({ path, after }) => {
    workspace.requireAllowed(path);
    return { path, before: tree.read(path), after };
  });
}

function readInput({ edits, diff }: ProposeInput, workspace: Workspace): Input {
  if (diff !== undefined) return { kind: "diff", diff: readDiffText(diff) };
  const byPath = new Map<string, { search: string; replace: string }[]>();
  for (const { path: given, search, replace } of edits ?? []) {
    const path = workspace.path(given);
    byPath.set(path, [...(byPath.get(path) ?? []), { search, replace }]);
  }
  return {
    kind: "edits",
    files: [...byPath].map(([path, own]) => ({ path, format: "search_replace" as const, edits: own })),
  };
}

function requireText(path: string, text: string | null): void {
  if (text === null) return;
  if (text.includes("\0")) throw new CommandFailure(`${path} holds NUL bytes: it is no text.`);
  if (Buffer.byteLength(text) > MAX_BASE_BYTES) throw new CommandFailure(`${path} is over 5 MB.`);
}
