/** The session that a running `redline` keeps alike with the work tree: proposals go there, and what is accepted is written by it. */
import { setTimeout as sleep } from "node:timers/promises";
import { PatchRefused } from "@redline/core/text/index";
import { CommandFailure } from "../failure";
import { followedSpec } from "../sync/link";
import type { SentFile, Text } from "../sync/ports";
import { SessionApi } from "../sync/session-api";
import { followerOf, type Owner } from "../sync/stored-link";
import { WorkTree } from "../sync/work-tree";
import type { AppliedPart } from "./api";
import type { Call } from "./call";
import type { Workspace } from "./workspace";
import { type WriteBack, writeBack } from "./write-back";

/** The other process sees a save, or an acceptance, some moments after it. */
const TRIES = 20;
const AGAIN_MS = 250;

export type Proposal = { path: string; before: Text; after: Text };
export type LinkedSession = { owner: Owner; api: SessionApi };
type Texts = { version: number; files: Map<string, Text> };

/** Returns undefined where no process follows the work tree, or it has no session yet. */
export async function linkedSession({ host }: Call, { git: { root } }: Workspace): Promise<LinkedSession | undefined> {
  const owner = followerOf(host.api.folder, root);
  if (owner?.sessionId === undefined) return undefined;
  return { owner, api: new SessionApi(await host.api.server(), owner.sessionId) };
}

/**
 * Returns the files of a change as the session has them. Those that it lacks, as they are not changed, are given to it first.
 * Throws CommandFailure where the session and the disk have different texts of one.
 */
export async function inLinked(
  linked: LinkedSession,
  files: readonly Proposal[],
  { signal }: Call,
  workspace: Workspace,
): Promise<Proposal[]> {
  for (let tries = 1; ; tries++) {
    const session = await textsOf(linked);
    const sent = files.map((file) => asIn(session, file));
    const other = sent.find(({ path, before }) => session.files.has(path) && session.files.get(path) !== before);
    const missing = sent.filter(({ path, before }) => before !== null && !session.files.has(path));
    if (!other && missing.length === 0) return sent;
    if (!other && (await give(linked, session, missing, workspace)) && tries < TRIES) continue;
    if (tries === TRIES) {
      const about = other ?? missing[0];
      throw new CommandFailure(
        `${about?.path} on disk is not what the session ${linked.owner.sessionId} has of it.`,
        `The redline that links it with the work tree (process ${linked.owner.pid}) says why in its terminal. Nothing was proposed.`,
      );
    }
    await sleep(AGAIN_MS, undefined, { signal });
  }
}

/** Writes what was accepted to the work tree, unless it is of the session that a running process writes itself. */
export async function writeAccepted(
  sessionId: string,
  parts: readonly AppliedPart[],
  call: Call,
  workspace: Workspace,
): Promise<WriteBack> {
  const linked = await linkedSession(call, workspace);
  if (linked?.owner.sessionId !== sessionId) return writeBack(workspace, parts);
  return writtenByLinked(linked, parts, call, workspace);
}

/** What the linked process has written so far. */
async function writtenByLinked(
  linked: LinkedSession,
  parts: readonly AppliedPart[],
  { signal }: Call,
  workspace: Workspace,
): Promise<WriteBack> {
  const paths = [...new Set(parts.flatMap(({ files }) => files.map(({ path }) => path)))];
  for (let tries = 1; ; tries++) {
    const session = await textsOf(linked);
    const left = paths.filter((path) => {
      const before = onDisk(path, workspace);
      return (
        before === undefined ||
        (session.files.get(path) ?? null) !== asIn(session, { path, before, after: null }).before
      );
    });
    if (left.length > 0 && tries < TRIES) {
      await sleep(AGAIN_MS, undefined, { signal });
      continue;
    }
    const reason = `the redline that is linked with the work tree (process ${linked.owner.pid}) left it, and says why in its terminal`;
    return {
      written: paths.filter((path) => !left.includes(path)),
      notWritten: left.map((path) => ({ path, reason })),
    };
  }
}

/** Undefined where something is there that is no text. */
function onDisk(path: string, workspace: Workspace): Text | undefined {
  try {
    return workspace.files().read(path);
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    return undefined;
  }
}

async function textsOf({ api }: LinkedSession): Promise<Texts> {
  const { version, files } = await api.changesAfter(0);
  return { version, files: new Map(files.map(({ path, text }) => [path, text])) };
}

/** By the session's name; with LF, where git alone writes CRLF and the session has it as the base does. */
function asIn({ files }: Texts, { path: given, before, after }: Proposal): Proposal {
  const path = given.normalize("NFC");
  const isConverted = before?.includes("\r\n") && files.get(path) === toLf(before);
  return isConverted ? { path, before: toLf(before), after: toLf(after) } : { path, before, after };
}

const toLf = (text: Text): Text => text?.replaceAll("\r\n", "\n") ?? null;

/** Gives the session unchanged files. Returns false, with nothing given, where it and the disk are not alike at the moment. */
async function give(
  { owner, api }: LinkedSession,
  session: Texts,
  missing: readonly Proposal[],
  { git, config }: Workspace,
): Promise<boolean> {
  const tree = new WorkTree(git, followedSpec(owner.range, config.baseBranch), owner.range);
  const state = await tree.read([...session.files.keys(), ...missing.map(({ path }) => path)]);
  const wanted = new Set(missing.map(({ path }) => path));
  const isAlike = ({ path, textless, head }: (typeof state.files)[number]) =>
    textless !== undefined || (session.files.get(path) ?? null) === head;
  const others = state.others.filter(({ path }) => wanted.has(path) || session.files.has(path));
  const kept = others.filter(({ path }) => !wanted.has(path));
  if (state.busy || ![...state.files, ...kept].every(isAlike)) return false;
  const files = [...state.files, ...others].map(({ head, disk: _, ...file }): SentFile => ({ ...file, after: head }));
  return (await api.addHead(session.version, state.source, files)) !== undefined;
}
