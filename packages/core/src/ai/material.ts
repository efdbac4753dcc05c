/** What a model is shown: code and what is known of it, as data between boundaries that nothing in it can forge. */
import { randomBytes } from "node:crypto";
import type { Severity } from "../reviewers/schema";
import { contextOf, type FileContext, type LineRange } from "./context";

export type MaterialFile = {
  path: string;
  text: string;
  language: string;
  selection?: LineRange;
  /** As `contextOf` gave it; without it, it is taken from the text and the selection. */
  context?: FileContext;
};

/** A finding of the built-in reviewer, given as evidence. */
export type MaterialFinding = LineRange & {
  path: string;
  severity: Severity;
  rule: string;
  title: string;
};

export type Material = { files: readonly MaterialFile[]; findings: readonly MaterialFinding[] };

/**
 * A line that stands before and after the material of one call. 144 random bits: nobody who wrote the material can know
 * it. Drawn again in the event that one of `texts` holds it.
 */
export function drawBoundary(texts: readonly string[], draw: () => string = randomBoundary): string {
  for (;;) {
    const boundary = draw();
    if (!texts.some((text) => text.includes(boundary))) return boundary;
  }
}

const randomBoundary = (): string => `=====MATERIAL-${randomBytes(18).toString("base64url")}=====`;

/** The texts of a material that a boundary must not occur in. */
export const textsOfMaterial = ({ files, findings }: Material): string[] => [
  ...files.flatMap((file) => [file.path, file.text]),
  ...findings.flatMap((finding) => [finding.path, finding.rule, finding.title]),
];

/**
 * Files as a line `File: <path>` and numbered lines, then the findings, between two lines of `boundary` (see
 * `drawBoundary`). Throws TOKEN_LIMIT_EXCEEDED as `contextOf` does.
 */
export function renderMaterial({ files, findings, boundary }: Material & { boundary: string }): string {
  const evidence =
    findings.length === 0 ? [] : [["Findings of the built-in reviewer:", ...findings.map(renderFinding)].join("\n")];
  return [boundary, [...files.map(renderFile), ...evidence].join("\n\n"), boundary].join("\n");
}

function renderFile(file: MaterialFile): string {
  const { kind, startLine, endLine, lines, cutLines } = file.context ?? contextOf(file.text, file.selection);
  const notes = [
    kind === "local" && `Only lines ${startLine} to ${endLine} are shown.`,
    cutLines > 0 && "Long lines are shown in part: do not change those.",
    file.selection && `Selected: ${linesInWords(file.selection)}.`,
  ].filter((note) => note !== false && note !== undefined);
  const numbered = lines.map((line, index) => `${startLine + index} | ${line}`);
  const head = [`File: ${onOneLine(file.path)}`, `Language: ${onOneLine(file.language)}`, ...notes];
  return [...head, ...(lines.length === 0 ? ["(The file is empty.)"] : numbered)].join("\n");
}

const renderFinding = (finding: MaterialFinding): string =>
  `- ${onOneLine(finding.path)}, ${linesInWords(finding)}: ${finding.severity}, ${onOneLine(finding.rule)}: ${onOneLine(finding.title)}`;

const linesInWords = ({ startLine, endLine }: LineRange): string =>
  startLine === endLine ? `line ${startLine}` : `lines ${startLine} to ${endLine}`;

/** What a person named, where it must not end its line or pass for another one. */
export const onOneLine = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
