/** Three versions of a file, merged byte for byte. */
import { readFileSync } from "node:fs";
import { type MergeResult, merge } from "@redline/core/text/index";

/** As git does, a file with a NUL byte in its beginning is taken for binary. */
const BINARY_HEAD_BYTES = 8_000;

export type ThreeFiles = { base: Buffer; ours: Buffer; theirs: Buffer };

export const readThree = (base: string, ours: string, theirs: string): ThreeFiles => ({
  base: readFileSync(base),
  ours: readFileSync(ours),
  theirs: readFileSync(theirs),
});

/** Returns undefined where a version is binary. Every byte is one character, so any encoding comes out as it went in. */
export function mergeFiles(
  { base, ours, theirs }: ThreeFiles,
  labels: { ours: string; theirs: string; markerLength?: number },
): MergeResult | undefined {
  const versions = [base, ours, theirs];
  if (versions.some((bytes) => bytes.subarray(0, BINARY_HEAD_BYTES).includes(0))) return undefined;
  const [b = "", o = "", t = ""] = versions.map((bytes) => bytes.toString("latin1"));
  const latin1 = (label: string) => Buffer.from(label, "utf8").toString("latin1");
  return merge(b, o, t, { ...labels, ours: latin1(labels.ours), theirs: latin1(labels.theirs) });
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");
