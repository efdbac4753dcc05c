/** `redline review --stdin-path`: a text as an editor has it, which no file holds yet. */
import { detectLanguage, type SourceFile } from "@redline/core/reviewers/schema";
import { decodeFile } from "../review/file-text";
import { fixedText } from "../review/fix";
import type { ReviewedFile } from "../review/result";
import { baseTextOf, compareWithBase, READ_LIMIT_BYTES, skipped } from "../review/review";
import { readAll, write } from "../terminal";
import type { Session } from "./review";
import { pathInTree } from "./review-scope";

type StdinReview = { file: ReviewedFile; bytes: Buffer; source?: SourceFile };

/** Compares standard input with the file's version in HEAD, or in the revision that `--base` names. */
export async function reviewStdin({ git, pool, config, baseline, args, io }: Session): Promise<StdinReview> {
  const { values } = args;
  const path = pathInTree(git.root, io.cwd, String(values["stdin-path"]));
  const bytes = await readAll(io.stdin);
  if (config.isIgnored(path)) return { file: skipped(path, "is ignored by redline.json"), bytes };
  const decoded = decodeFile(bytes);
  if ("reason" in decoded) return { file: skipped(path, decoded.reason), bytes };
  const { text } = decoded;
  const source = { path, text, language: detectLanguage(path, text) };
  const revision = typeof values.base === "string" ? values.base : "HEAD";
  const baseText = values.all ? undefined : baseTextOf(await git.readAt(revision, path, READ_LIMIT_BYTES));
  const file = await pool.use(async (reviewer) =>
    compareWithBase({ source, report: await reviewer.check(source), baseText, reviewer, of: { config, baseline } }),
  );
  return { file, bytes, source };
}

/** Prints the fixed text and nothing else; the text as it came where nothing can be fixed. */
export async function fixStdin(session: Session): Promise<number> {
  const { file, bytes, source } = await reviewStdin({ ...session, args: wholeFile(session.args) });
  const fixed = source && (await session.pool.use((reviewer) => fixedText(file, source, reviewer)));
  await write(session.io.stdout, fixed && fixed.fixed.length > 0 ? fixed.text : bytes);
  if (file.coverage.state === "skipped") {
    await write(session.io.stderr, `redline: ${file.path} ${file.coverage.reason}; it is printed as it came.\n`);
  }
  return 0;
}

/** An editor that asks for fixes means its text, not what of it is new. */
const wholeFile = (args: Session["args"]): Session["args"] => ({ ...args, values: { ...args.values, all: true } });
