/** Applies the safe fixes of a file's new findings. */
import type { Reviewer } from "@redline/core/reviewers/index";
import type { SourceFile } from "@redline/core/reviewers/schema";
import type { Finding, ReviewedFile } from "./result";

type Steps = {
  /** Returns why the text was not written, if so. */
  write(text: string): Promise<string | undefined>;
  /** Reviews the file as it is afterwards. */
  again(text: string): Promise<ReviewedFile>;
};

/** The file's text with the safe fixes of its new findings, as many as hold together. */
export async function fixedText(
  { findings }: ReviewedFile,
  source: SourceFile,
  reviewer: Reviewer,
): Promise<{ text: string; fixed: Finding[] }> {
  const safe = findings.filter(({ fix }) => fix?.safety === "safe");
  if (safe.length === 0) return { text: source.text, fixed: [] };
  const changes = safe.map(({ identity, fix }) => ({ id: identity, edits: fix?.edits ?? [] }));
  const { text, kept } = await reviewer.compose(source, changes);
  const applied = new Set(kept);
  return { text, fixed: safe.filter(({ identity }) => applied.has(identity)) };
}

/** Fixes a file and returns its review as the fixes leave it. */
export async function fixFile(
  review: ReviewedFile,
  source: SourceFile,
  reviewer: Reviewer,
  { write, again }: Steps,
): Promise<ReviewedFile> {
  const { text, fixed } = await fixedText(review, source, reviewer);
  if (fixed.length === 0) return review;
  const notFixed = await write(text);
  if (notFixed) return { ...review, notFixed };
  return { ...(await again(text)), fixed: fixed.map(({ title }) => title) };
}
