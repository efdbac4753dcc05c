/** Shows that edits do no harm: they apply, the result parses, and it has no finding that was not there before. */
import { applyEdits, diffEdits, type TextEdit } from "../text/index";
import type { PlacedError } from "./code-errors";
import { areValid, collide, mapOffset } from "./edits";
import type { Inspection, Inspector } from "./inspect";
import type { ComposeResult, Evidence, FileReport, Problem, ProofResult, SourceFile } from "./schema";

/** Awaited before each check, so that the worker can take more urgent work and show that it is alive. */
export type Step = () => Promise<void>;

/** Past this, what is not proven yet is not offered. */
const budgetMs = 4_000;

/** Candidates up to this many are proven one by one; more are proven in groups of at most `groupSize`. */
const provenAlone = 6;
const groupSize = 24;

type Candidate = { id: string; edits: TextEdit[] };

const outOfTime = "there was no time to prove it";

/**
 * Which fixes of a report may be offered. A fix is judged by the file with only that fix applied, or together with
 * others that touch other places: a group whose result parses and adds nothing clears all its members, any other group
 * is halved until the offenders stand alone.
 */
export async function verifyFixes(
  inspector: Inspector,
  file: SourceFile,
  report: FileReport,
  step: Step,
): Promise<ProofResult> {
  const result: ProofResult = { proven: [], rejected: [] };
  const candidates: Candidate[] = [];
  for (const { identity, fix } of report.problems) {
    if (!fix) continue;
    const reason = unusable(file.text, fix.edits);
    if (reason) result.rejected.push({ identity, reason });
    else candidates.push({ id: identity, edits: fix.edits });
  }
  const trial = new Trial(inspector, file, step);
  const queue = candidates.length <= provenAlone ? candidates.map((each) => [each]) : groupsOf(candidates);
  for (let group = queue.shift(); group; group = queue.shift()) {
    const reason = await trial.objection(group.flatMap(({ edits }) => edits));
    const [only] = group;
    if (!reason) result.proven.push(...group.map(({ id }) => id));
    else if (group.length === 1 && only) result.rejected.push({ identity: only.id, reason });
    else queue.unshift(...halves(group));
  }
  return result;
}

/**
 * Combines as many of the changes as are compatible, the earlier ones first. Leaves out changes that collide with an
 * earlier one, and those that make the result worse, which it finds by halving.
 */
export async function compose(
  inspector: Inspector,
  file: SourceFile,
  changes: readonly Candidate[],
  step: Step,
): Promise<ComposeResult> {
  const skipped: ComposeResult["skipped"] = [];
  const candidates: Candidate[] = [];
  for (const { id, edits } of changes) {
    const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
    const reason = unusable(file.text, sorted);
    const taken = reason ? undefined : candidates.find((other) => collide(other.edits, sorted));
    if (reason) skipped.push({ id, reason });
    else if (taken) skipped.push({ id, reason: "it changes the same place as another change" });
    else candidates.push({ id, edits: sorted });
  }
  const trial = new Trial(inspector, file, step);
  const kept: Candidate[] = [];
  const queue = candidates.length > 0 ? [candidates] : [];
  for (let group = queue.shift(); group; group = queue.shift()) {
    const reason = await trial.objection([...kept, ...group].flatMap(({ edits }) => edits));
    const [only] = group;
    if (!reason) kept.push(...group);
    else if (group.length === 1 && only) skipped.push({ id: only.id, reason });
    else queue.unshift(...halves(group));
  }
  return {
    text: applyEdits(file.text, merged(kept.flatMap(({ edits }) => edits))),
    kept: kept.map(({ id }) => id),
    skipped,
  };
}

/** Compares a file before and after a change: whether the result parses, and which findings come and go. */
export async function collectEvidence(
  inspector: Inspector,
  before: SourceFile | null,
  after: SourceFile,
  step: Step,
): Promise<Evidence> {
  await step();
  const next = await inspector.inspect(after, { fixes: false });
  const unknown = (reason: string, rest?: Partial<Evidence>): Evidence => ({
    ...{ parses: true, added: [], removed: [], notChecked: reason },
    ...rest,
  });
  if (next.coverage.state === "skipped") return unknown(next.coverage.reason ?? "nobody could read it");
  if (before) await step();
  const previous = before && (await inspector.inspect(before, { fixes: false }));
  if (previous?.coverage.state === "skipped")
    return unknown(`the code before it could not be: ${previous.coverage.reason}`);
  // What was there unseen before is nothing that the change has added.
  if (next.isRead && previous && !previous.isRead && previous.coverage.state === "partly")
    return unknown(`the code before it could not be: ${previous.coverage.reason}`);
  const edits = before ? diffEdits(before.text, after.text) : [];
  const found = previous ? compare(previous.problems, next.problems, edits) : { added: next.problems, removed: [] };
  if (!next.isRead) return unknown(next.coverage.reason ?? "nobody could read it", found);
  const errors = [...next.parseErrors, ...next.earlyErrors];
  const [first] = errors;
  if (!first) return { parses: true, ...found };
  const [fresh] = previous ? newErrors(previous, next) : errors;
  if (fresh) return { parses: false, parseError: inWords(fresh), ...found };
  return unknown(`the file had an error before this change, and has one now. ${inWords(first)}`, found);
}

const inWords = ({ message, line }: PlacedError): string => `${message} (line ${line})`;

/**
 * Returns the errors of `after` that the change from `before` introduced. Returns none where that is unknown: the
 * grammar is broken before and after, or its first error hid the rest.
 */
function newErrors(before: Inspection, after: Inspection): PlacedError[] {
  if (before.parseErrors.length > 0) return [];
  if (after.parseErrors.length > 0) return after.parseErrors;
  const known = before.earlyErrors.map(({ message }) => message);
  return after.earlyErrors.filter(({ message }) => {
    const at = known.indexOf(message);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

/** Repeated attempts at one file within one time budget. */
class Trial {
  private readonly endsAt = performance.now() + budgetMs;

  constructor(
    private readonly inspector: Inspector,
    private readonly file: SourceFile,
    private readonly step: Step,
  ) {}

  /** Returns the problem of the file after `edits`, or undefined. */
  async objection(edits: readonly TextEdit[]): Promise<string | undefined> {
    const { file, inspector } = this;
    if (performance.now() > this.endsAt) return outOfTime;
    await this.step();
    const base = await inspector.inspect(file, { fixes: false });
    const sorted = merged(edits);
    const result = await inspector.inspect({ ...file, text: applyEdits(file.text, sorted) }, { fixes: false });
    return objectionTo(base, result, sorted);
  }
}

function objectionTo(base: Inspection, result: Inspection, edits: readonly TextEdit[]): string | undefined {
  if (result.coverage.state === "skipped") return `the result could not be checked: ${result.coverage.reason}`;
  const [error] = newErrors(base, result);
  if (error) return `the result does not parse: ${error.message}`;
  if (result.parseErrors.length > base.parseErrors.length) return "the result has more syntax errors than before";
  const [added] = compare(base.problems, result.problems, edits).added;
  return added ? `it would add a finding: ${added.title}` : undefined;
}

/**
 * The findings of `after` that `before` had not, and the other way round. A finding whose identity changed because the
 * edits changed the code it is about is the same finding when its rule is and the edits carry its place there.
 */
export function compare(
  before: readonly Problem[],
  after: readonly Problem[],
  edits: readonly TextEdit[],
): { added: Problem[]; removed: Problem[] } {
  const known = new Set(before.map(({ identity }) => identity));
  const still = new Set(after.map(({ identity }) => identity));
  const gone = before.filter(({ identity }) => !still.has(identity));
  const added: Problem[] = [];
  const carried = new Set<Problem>();
  for (const problem of after.filter(({ identity }) => !known.has(identity))) {
    const origin = gone.find(
      (old) => !carried.has(old) && old.rule === problem.rule && isCarriedTo(old, problem, edits),
    );
    if (origin) carried.add(origin);
    else added.push(problem);
  }
  return { added, removed: gone.filter((problem) => !carried.has(problem)) };
}

function isCarriedTo(old: Problem, now: Problem, edits: readonly TextEdit[]): boolean {
  return mapOffset(edits, old.start, "start") <= now.end && mapOffset(edits, old.end, "end") >= now.start;
}

function unusable(text: string, edits: readonly TextEdit[]): string | undefined {
  if (edits.length === 0) return "it changes nothing";
  if (!areValid(edits, text.length)) return "it does not fit the file";
  return applyEdits(text, edits) === text ? "it changes nothing" : undefined;
}

/** Candidates in groups whose members touch different places, each group in the order of the file. */
function groupsOf(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  for (const candidate of candidates) {
    const group = groups.find(
      (each) => each.length < groupSize && !each.some(({ edits }) => collide(edits, candidate.edits)),
    );
    if (group) group.push(candidate);
    else groups.push([candidate]);
  }
  return groups;
}

function halves(group: readonly Candidate[]): Candidate[][] {
  const middle = group.length >> 1;
  return [group.slice(0, middle), group.slice(middle)];
}

function merged(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
