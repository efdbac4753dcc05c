/** What was decided on a change that an agent proposed, hunk by hunk as it proposed them. */
import { changeHunks, readChangeOf } from "../changes/internal";
import type { Change, Hunk } from "../changes/schema";
import { readText, versionOf } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import type { Session } from "../sessions/schema";
import { readMessages, requireThread } from "../threads/internal";
import type { AgentDecision, AppliedPart, HunkDecision } from "./schema";

/** Throws CHANGE_NOT_FOUND for a change that no agent proposed. */
export async function decisionOf(session: Session, codebase: Codebase, changeId: string): Promise<AgentDecision> {
  const change = await readChangeOf(codebase, changeId);
  if (change?.origin.kind !== "agent") throw new AppError("CHANGE_NOT_FOUND", "That change was not found.");
  const { threadId, messageId } = change.origin;
  const hunks = await changeHunks(codebase.teamId, change);
  const found: Found = { decisions: new Map(), versions: [], isConflict: false };
  await follow(codebase, change, { hunks, found, own: hunks.map(({ index }) => [index]) });
  const undone = await undoneVersions(codebase, found.versions);
  const decided = hunks.map(({ index, path, startLine, endLine }) => {
    const { decision, version } = found.decisions.get(index) ?? { decision: "outdated" as const };
    const isUndone = version !== undefined && undone.has(version);
    return { index, path, startLine, endLine, decision: isUndone ? ("undone" as const) : decision };
  });
  const applied = found.versions.filter((version) => !undone.has(version)).sort((a, b) => a - b);
  return {
    ...{ changeId, threadId, summary: change.summary, isConflict: found.isConflict, hunks: decided },
    status: decided.some(({ decision }) => decision === "open") ? "open" : "decided",
    applied: await Promise.all(applied.map((version) => partOf(codebase, version, change))),
    notes: await notesSince(session, threadId, messageId),
  };
}

type Found = {
  decisions: Map<number, { decision: HunkDecision; version?: number }>;
  versions: number[];
  isConflict: boolean;
};

/** A change with its hunks, and for each of these which ones of the first change it stands for. */
type Followed = { hunks: Hunk[]; own: number[][]; found: Found };

/** Decides each hunk of the first change by the change itself, or by what superseded it. */
async function follow(codebase: Codebase, change: Change, { hunks, own, found }: Followed): Promise<void> {
  const decide = (decision: HunkDecision, version?: number) => {
    for (const index of own.flat()) found.decisions.set(index, { decision, version });
  };
  switch (change.status) {
    case "proposed":
      return decide("open");
    case "conflicted":
      found.isConflict = true;
      return decide("open");
    case "rejected":
      return decide("rejected");
    case "applied": {
      const { appliedAs = 0 } = change;
      found.versions.push(appliedAs);
      const { version } = await versionOf(codebase, appliedAs);
      return decide(version.kind === "merge" ? "edited" : "accepted", appliedAs);
    }
    case "superseded":
      return followSuccessors(codebase, change, { hunks, own, found });
  }
}

/** Hunks were accepted: their part is applied, and the rest proposed on the new head. Or rejected: the rest is, on the same base. */
async function followSuccessors(codebase: Codebase, change: Change, { hunks, own, found }: Followed): Promise<void> {
  const successors = await Promise.all((change.supersededBy ?? []).map((id) => readChangeOf(codebase, id)));
  const accepted = successors.find((each) => each?.origin.kind === "hunks");
  const rest = successors.find((each) => each && each !== accepted);
  const acceptedKeys = new Set(accepted && (await changeHunks(codebase.teamId, accepted)).map(keyOf));
  const isTaken = (hunk: Hunk) => acceptedKeys.has(keyOf(hunk));
  if (accepted) {
    const own_ = own.filter((_, at) => isTaken(hunks[at] as Hunk));
    await follow(codebase, accepted, { hunks, own: own_, found });
  }
  const left = hunks.flatMap((hunk, at) => (isTaken(hunk) ? [] : [{ hunk, own: own[at] ?? [] }]));
  const restHunks = rest ? await changeHunks(codebase.teamId, rest) : [];
  if (!accepted) {
    const kept = new Set(restHunks.map(keyOf));
    for (const { hunk, own } of left) {
      if (!kept.has(keyOf(hunk))) for (const index of own) found.decisions.set(index, { decision: "rejected" });
    }
    const stays = left.filter(({ hunk }) => kept.has(keyOf(hunk)));
    if (rest) await follow(codebase, rest, { hunks: restHunks, own: stays.map(({ own }) => own), found });
    return;
  }
  if (rest) await follow(codebase, rest, { hunks: restHunks, own: carried(left, restHunks), found });
}

const keyOf = ({ path, edits }: Hunk): string => JSON.stringify([path, edits]);

/** Which hunks the rest's stand for: the same ones in order where a file has as many, else all of that file's. */
function carried(left: readonly { hunk: Hunk; own: number[] }[], rest: readonly Hunk[]): number[][] {
  const ofFile = (path: string) => left.filter(({ hunk }) => hunk.path === path).map(({ own }) => own);
  const counts = new Map<string, number>();
  return rest.map(({ path }) => {
    const at = counts.get(path) ?? 0;
    counts.set(path, at + 1);
    const before = ofFile(path);
    const isSame = before.length === rest.filter((hunk) => hunk.path === path).length;
    return isSame ? (before[at] ?? []) : before.flat();
  });
}

/** Of the versions that a change became, those which were undone later. */
async function undoneVersions(codebase: Codebase, versions: readonly number[]): Promise<Set<number>> {
  const undone = new Set<number>();
  if (versions.length === 0) return undone;
  for (let number = Math.min(...versions) + 1; number <= codebase.number; number++) {
    const { version } = await versionOf(codebase, number);
    if (version.kind !== "undo" || !version.changeId) continue;
    const change = await readChangeOf(codebase, version.changeId);
    if (change?.origin.kind !== "undo") continue;
    // An undone undo has the code again.
    if (undone.has(change.origin.version)) undone.delete(change.origin.version);
    else undone.add(change.origin.version);
  }
  return undone;
}

async function partOf(codebase: Codebase, version: number, { edits }: Change): Promise<AppliedPart> {
  const [before, after] = await Promise.all([versionOf(codebase, version - 1), versionOf(codebase, version)]);
  const files: AppliedPart["files"] = [];
  for (const { path } of edits) {
    const [one, two] = [before, after].map(({ tree }) => tree.find((entry) => entry.path === path));
    if (one?.hash === two?.hash) continue;
    const text = (entry: TreeEntry | undefined) => (entry ? readText(codebase, entry) : null);
    files.push({ path, before: await text(one), after: await text(two) });
  }
  return { version, files };
}

/** People's messages behind the agent's. */
async function notesSince(session: Session, threadId: string, messageId: string): Promise<AgentDecision["notes"]> {
  const thread = await requireThread(session, threadId);
  const messages = await readMessages(threadId, 1, thread.count);
  const number = messages.find(({ id }) => id === messageId)?.number ?? 0;
  return messages.flatMap(({ number: at, author, text, createdAt }) =>
    at > number && author.kind === "user" && text ? [{ author: author.name, text, createdAt }] : [],
  );
}
