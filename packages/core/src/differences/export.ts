import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { listFindings } from "../review/index";
import type { PlacedFinding } from "../review/schema";
import { getSession } from "../sessions/index";
import { type Session, sessionId } from "../sessions/schema";
import { conversationsOf } from "../threads/internal";
import type { Message, Thread } from "../threads/schema";
import type { LinesDecision } from "./decisions/schema";
import { standingDecisions } from "./decisions/state";
import { gitPatch } from "./git-patch";
import { type Difference, differenceOf } from "./read";
import { promptText, reviewMarkdown } from "./report";
import type { Verdict } from "./schema";
import { queryVerdicts } from "./store";
import { textsOf } from "./texts";

const inSession = v.object({ sessionId });

export type DiscussedThread = Thread & { messages: Message[] };

/** All that was said and found about a difference. */
export type DifferenceReport = {
  session: Session;
  codebase: Codebase;
  difference: Difference;
  findings: PlacedFinding[];
  threads: DiscussedThread[];
  verdicts: Verdict[];
  /** Decisions on lines that stand. */
  decisions: LinesDecision[];
  textOf: (path: string) => Promise<string>;
};

async function load(
  actor: Actor,
  id: string,
): Promise<{ session: Session; codebase: Codebase; difference: Difference }> {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const difference = await differenceOf(session, codebase);
  if (!difference) throw new AppError("NOT_FOUND", "This session reviews no difference.");
  return { session, codebase, difference };
}

/** Returns the difference, with what was accepted since, as a patch that `git apply` takes. */
export const exportPatch = operation("differences.exportPatch", "sessions.read", inSession, async (actor, input) => {
  const { session, codebase, difference } = await load(actor, input.sessionId);
  const parts: string[] = [];
  for (const each of difference.files) parts.push(gitPatch(each, await textsOf(codebase, each)));
  return { name: session.name, patch: parts.join("") };
});

/** Returns the review of a difference as Markdown: verdicts, findings and threads by file. */
export const exportReview = operation("differences.exportReview", "sessions.read", inSession, async (actor, input) => {
  const report = await reportOf(actor, input.sessionId);
  return { name: report.session.name, markdown: await reviewMarkdown(report) };
});

/** Returns verdict, rejected lines, notes, open threads and new findings as a text that tells a coding agent what to do. */
export const promptOf = operation("differences.prompt", "sessions.read", inSession, async (actor, input) => {
  const report = await reportOf(actor, input.sessionId);
  return { prompt: await promptText(report) };
});

async function reportOf(actor: Actor, id: string): Promise<DifferenceReport> {
  const { session, codebase, difference } = await load(actor, id);
  const [findings, threads, verdicts, decisions] = await Promise.all([
    listFindings(actor, { sessionId: id }),
    conversationsOf(session, codebase),
    queryVerdicts(id),
    standingDecisions(codebase, id, difference.files),
  ]);
  const files = new Map(difference.files.map((each) => [each.file.path, each]));
  const textOf = async (path: string) => {
    const file = files.get(path);
    return file ? ((await textsOf(codebase, file)).after ?? "") : "";
  };
  return { session, codebase, difference, findings, threads, verdicts, decisions, textOf };
}
