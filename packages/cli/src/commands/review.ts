/** `redline review`. */
import { resolve } from "node:path";
import { type Severity, severities } from "@redline/core/reviewers/schema";
import { type Config, loadConfig } from "../config/config";
import { CommandFailure } from "../failure";
import type { Output } from "../formats/format";
import { openFormat } from "../formats/formats";
import type { Git } from "../git/git";
import { openGit } from "../git/repository";
import { readBaseline } from "../review/baseline";
import { reviewDifference } from "../review/difference";
import { newPool } from "../review/engines";
import type { ReviewerPool } from "../review/pool";
import { type ReviewedFile, type Summary, summarise } from "../review/result";
import type { FileReview } from "../review/review";
import { type Io, write } from "../terminal";
import { VERSION } from "../version";
import type { Arguments } from "./command";
import { chooseScope } from "./review-scope";
import { fixStdin, reviewStdin } from "./review-stdin";
import type { FormatName } from "./specs";

export async function run(args: Arguments, io: Io): Promise<number> {
  const pool = newPool();
  try {
    pool.warmUp();
    const git = await openGit(io.cwd, io.env);
    try {
      const config = await loadConfig(git.root);
      const { baseline: file, fix, "stdin-path": stdinPath } = args.values;
      const baseline = typeof file === "string" ? await readBaseline(resolve(io.cwd, file)) : new Set<string>();
      const session = { git, pool, config, baseline, args, io };
      return await (fix && stdinPath !== undefined ? fixStdin(session) : review(session));
    } finally {
      await git.close();
    }
  } finally {
    await pool.close();
  }
}

export type Session = {
  git: Git;
  pool: ReviewerPool;
  config: Config;
  baseline: ReadonlySet<string>;
  args: Arguments;
  io: Io;
};

async function review(session: Session): Promise<number> {
  const { args, config, io } = session;
  const failOn = (args.values["fail-on"] as Severity | undefined) ?? config.failOn;
  const name = (args.values.format as FormatName | undefined) ?? "text";
  const format = await openFormat(name, { failOn, version: VERSION }, io);
  const { names, reviewed } = await (args.values["stdin-path"] === undefined ? ofDifference : ofStdin)(session);
  const files: ReviewedFile[] = [];
  for await (const file of reviewed) {
    const text = format.file?.(file);
    if (text) await write(io.stdout, text);
    files.push(format.file ? withoutText(file) : file);
  }
  const summary = summarise(files, names);
  await writeOutput(format.end(files, summary), io);
  return fails(summary, failOn) ? 1 : 0;
}

type Reviews = { names: { base: string; head: string; notes: string[] }; reviewed: AsyncIterable<ReviewedFile> };

async function ofDifference({ git, pool, config, baseline, args, io }: Session): Promise<Reviews> {
  const { difference, files, isWorkTree } = await chooseScope(git, args, config, io.cwd);
  if (args.values.fix && !isWorkTree) {
    throw new CommandFailure("--fix changes the files of the work tree, so it needs a review of these.");
  }
  const of: FileReview = { source: git, config, baseline, ...(args.values.fix && { write: writer(git) }) };
  const { baseName: base, headName: head, notes } = difference;
  return { names: { base, head, notes }, reviewed: reviewDifference(files, pool, of) };
}

async function* one(file: ReviewedFile): AsyncGenerator<ReviewedFile> {
  yield file;
}

async function ofStdin(session: Session): Promise<Reviews> {
  const { file } = await reviewStdin(session);
  return { names: { base: "HEAD", head: "standard input", notes: [] }, reviewed: one(file) };
}

async function writeOutput({ text, notes = [] }: Output, io: Io): Promise<void> {
  await write(io.stdout, text);
  for (const note of notes) await write(io.stderr, `redline: ${note}\n`);
}

const writer =
  (git: Git) =>
  async (path: string, bytes: Buffer, text: string): Promise<string | undefined> =>
    git.files.replace(path, bytes, Buffer.from(text)) ? undefined : "as it was changed meanwhile";

/** Findings that were printed no longer need their text. */
const withoutText = ({ text: _text, ...file }: ReviewedFile): ReviewedFile => file;

/** Returns whether something new is at least as severe as `failOn`. */
export function fails(summary: Summary, failOn: Severity): boolean {
  return severities.slice(0, severities.indexOf(failOn) + 1).some((severity) => summary.new[severity] > 0);
}
