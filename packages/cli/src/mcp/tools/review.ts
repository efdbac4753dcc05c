/** `review_files` and `review_diff`: the built-in reviewer, on this machine and without Redline serving. */
import { type FileSides, PatchRefused, readSides } from "@redline/core/text/index";
import * as v from "valibot";
import { CommandFailure } from "../../failure";
import type { ChangedFile, DifferenceSpec, FileSide, Unreadable } from "../../git/git";
import { reviewDifference } from "../../review/difference";
import { type ReviewedFile, summarise } from "../../review/result";
import { baseTextOf, type Source } from "../../review/review";
import type { Call } from "../call";
import { findingsForAgent } from "../findings";
import type { Workspace } from "../workspace";

const MAX_FILES = 1_000;
const MAX_DIFF_CHARS = 8 * 1024 * 1024;
const READ_LIMIT_BYTES = 5 * 1024 * 1024;

export const reviewFilesInput = v.object({
  paths: v.pipe(
    v.array(v.string()),
    v.minLength(1),
    v.maxLength(200),
    v.description("Files, absolute or relative to the work tree. Each is reviewed whole."),
  ),
});

export const reviewDiffInput = v.object({
  diff: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(MAX_DIFF_CHARS),
      v.description(
        "A diff as git, GNU diff, Subversion, Mercurial, quilt or Jujutsu write it, with or without a mail around it.",
      ),
    ),
  ),
  range: v.optional(
    v.pipe(v.string(), v.description("Instead of a diff: a git range, such as main...HEAD, or a commit.")),
  ),
  staged: v.optional(v.pipe(v.boolean(), v.description("Instead of a diff: what git has staged."))),
  include_old: v.optional(v.pipe(v.boolean(), v.description("Also list findings that were there before."))),
});

export const reviewOutput = v.looseObject({ summary: v.looseObject({}), findings: v.array(v.looseObject({})) });

type Names = { base: string; head: string; notes: string[] };

export const reviewFiles = (input: v.InferOutput<typeof reviewFilesInput>, call: Call) =>
  call.inWorkspace(async (workspace) => {
    const head: FileSide = { kind: "file", source: "work-tree" };
    const paths = [...new Set(input.paths.map((path) => workspace.path(path)))];
    const files = paths.map((path): ChangedFile => ({ path, status: "untracked", head }));
    const names = { base: "nothing", head: "the work tree", notes: [] };
    return review(call, workspace, { files, source: workspace.git, names, withOld: true });
  });

export const reviewDiff = (input: v.InferOutput<typeof reviewDiffInput>, call: Call) =>
  call.inWorkspace(async (workspace) => {
    const { diff, range, staged, include_old: withOld = false } = input;
    if ([diff, range, staged || undefined].filter((each) => each !== undefined).length > 1) {
      throw new CommandFailure("Give one of diff, range and staged.");
    }
    if (diff !== undefined) return review(call, workspace, { ...(await sidesOf(diff, workspace)), withOld });
    const spec: DifferenceSpec =
      range !== undefined ? { kind: "range", range } : { kind: staged ? "staged" : "uncommitted" };
    const { files, baseName: base, headName, notes } = await workspace.git.difference(spec);
    const own = files.filter(({ path }) => workspace.isAllowed(path) && !workspace.config.isIgnored(path));
    return review(call, workspace, {
      files: own,
      source: workspace.git,
      names: { base, head: headName, notes },
      withOld,
    });
  });

type What = { files: readonly ChangedFile[]; source: Source; names: Names; withOld: boolean; skipped?: ReviewedFile[] };

async function review(call: Call, { config }: Workspace, { files, source, names, withOld, skipped = [] }: What) {
  if (files.length > MAX_FILES)
    throw new CommandFailure(`${files.length} files is too many; the limit is ${MAX_FILES}.`);
  // A call that was given up reads no further file, which ends the review.
  const read: Source["read"] = (...args) => {
    call.signal.throwIfAborted();
    return source.read(...args);
  };
  const of = { source: { read }, config, baseline: new Set<string>() };
  const reviewed: ReviewedFile[] = [...skipped];
  for await (const file of reviewDifference(files, call.host.pool(), of)) {
    reviewed.push(file);
    await call.progress(reviewed.length, files.length, `Reviewed ${file.path}`);
  }
  return findingsForAgent(reviewed, summarise(reviewed, names), { withOld });
}

/** The files of a diff with both texts, from the base that it is of: `HEAD`, or the work tree. */
async function sidesOf(diff: string, workspace: Workspace): Promise<Omit<What, "withOld">> {
  const listed = readDiff(() => readSides(diff));
  const paths = [...new Set(listed.flatMap(({ path, from }) => [path, from ?? path]))];
  for (const path of paths) workspace.requireAllowed(path);
  const { sides, base } = await withBase(diff, paths, workspace);
  const texts = new Map<string, string>();
  const files: ChangedFile[] = [];
  const skipped: ReviewedFile[] = [];
  for (const { path, from, status, before, after, parts, textless } of sides) {
    const skip = (reason: string) => skipped.push({ path, coverage: { path, state: "skipped", reason }, findings: [] });
    if (textless) skip(`is a ${textless} file`);
    else if (parts)
      skip("is known in part: the file that the diff was made of is neither in HEAD nor in the work tree");
    else if (after !== null) {
      texts.set(`head:${path}`, after);
      if (before !== null) texts.set(`base:${path}`, before);
      const side = (blob: string): FileSide => ({ kind: "file", source: { blob } });
      const known = status === "copied" ? "added" : status;
      files.push({
        ...{ path, status: known, head: side(`head:${path}`) },
        ...(before !== null && { base: side(`base:${path}`) }),
        ...(from && { from }),
      });
    }
  }
  const read = async (_: string, { source }: FileSide): Promise<Buffer | Unreadable> =>
    Buffer.from(source === "work-tree" ? "" : (texts.get(source.blob) ?? ""));
  return { files, skipped, source: { read }, names: { base, head: "the diff", notes: [] } };
}

async function withBase(diff: string, paths: readonly string[], workspace: Workspace) {
  const committed = new Map<string, string>();
  const current = new Map<string, string>();
  const files = workspace.files();
  for (const path of paths) {
    const old = baseTextOf(await workspace.git.readAt("HEAD", path, READ_LIMIT_BYTES));
    if (old !== undefined) committed.set(path, old);
    const now = currentText(path, files);
    if (now !== undefined) current.set(path, now);
  }
  for (const [base, texts] of [
    ["HEAD", committed],
    ["the work tree", current],
  ] as const) {
    try {
      if (texts.size > 0) return { sides: readSides(diff, texts), base };
    } catch (error) {
      if (!(error instanceof PatchRefused)) throw error;
    }
  }
  return { sides: readDiff(() => readSides(diff)), base: "the diff" };
}

function currentText(path: string, files: ReturnType<Workspace["files"]>): string | undefined {
  try {
    return files.read(path) ?? undefined;
  } catch (error) {
    if (error instanceof PatchRefused) return undefined;
    throw error;
  }
}

function readDiff(read: () => FileSides[]): FileSides[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof PatchRefused) throw new CommandFailure(`The diff can't be read: ${error.message}`);
    throw error;
  }
}
