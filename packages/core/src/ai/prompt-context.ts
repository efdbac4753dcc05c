/** The context that a model is given: code and findings, as data between boundaries that nothing in it can forge. */
import type { Severity } from "../reviewers/schema";
import { contextOf, type FileContext, type LineRange, type Room } from "./context";

export type ContextFile = {
  path: string;
  text: string;
  language: string;
  selection?: LineRange;
};

/** A file with the lines of it that are shown, as `contextOf` gave them. */
export type ShownFile = ContextFile & { context: FileContext };

/** A finding of the built-in reviewer, given as evidence. */
export type ContextFinding = LineRange & {
  path: string;
  severity: Severity;
  rule: string;
  title: string;
};

export type PromptContext = { files: readonly ContextFile[]; findings: readonly ContextFinding[] };

/** Tokens for the lines before a file's own: its language, and which part is shown. */
const HEAD_TOKENS = 60;

/** Chooses what is shown of each file within the room. Throws TOKEN_LIMIT_EXCEEDED as `contextOf` does. */
export function showFiles(files: readonly ContextFile[], room: Room): ShownFile[] {
  const share = Math.floor(room.tokens / Math.max(1, files.length));
  return files.map((file) => {
    const head = HEAD_TOKENS + room.tokensOf(file.path);
    return { ...file, context: contextOf(file.text, file.selection, { ...room, tokens: share - head }) };
  });
}

/** The texts of a material that a boundary must not occur in. */
export const promptContextTexts = ({ files, findings }: PromptContext): string[] => [
  ...files.flatMap((file) => [file.path, file.text]),
  ...findings.flatMap((finding) => [finding.path, finding.rule, finding.title]),
];

/**
 * Files as a line `File: <path>` and numbered lines, then the findings, between two lines of `boundary` (see
 * `generateBoundary`). What changes least comes first: a finding that is answered leaves the files before it as they were.
 */
export function renderPromptContext({
  files,
  findings,
  boundary,
}: Omit<PromptContext, "files"> & { files: readonly ShownFile[]; boundary: string }): string {
  const evidence =
    findings.length === 0 ? [] : [["Findings of the built-in reviewer:", ...findings.map(renderFinding)].join("\n")];
  return [boundary, [...files.map(renderFile), ...evidence].join("\n\n"), boundary].join("\n");
}

function renderFile(file: ShownFile): string {
  const { kind, startLine, endLine, lines, cutLines } = file.context;
  const notes = [
    kind === "local" && `Only lines ${startLine} to ${endLine} are shown.`,
    cutLines > 0 && "Long lines are shown in part: do not change those.",
    file.selection && `Selected: ${linesInWords(file.selection)}.`,
  ].filter((note) => note !== false && note !== undefined);
  const head = [`File: ${onOneLine(file.path)}`, `Language: ${onOneLine(file.language)}`, ...notes];
  return [...head, ...(lines.length === 0 ? ["(The file is empty.)"] : numberLines(lines, startLine))].join("\n");
}

/** Lines as a model is shown them. */
export const numberLines = (lines: readonly string[], startLine: number): string[] =>
  lines.map((line, index) => `${startLine + index} | ${line}`);

const renderFinding = (finding: ContextFinding): string =>
  `- ${onOneLine(finding.path)}, ${linesInWords(finding)}: ${finding.severity}, ${onOneLine(finding.rule)}: ${onOneLine(finding.title)}`;

const linesInWords = ({ startLine, endLine }: LineRange): string =>
  startLine === endLine ? `line ${startLine}` : `lines ${startLine} to ${endLine}`;

/** Escapes a name chosen by a user, so that it can't end its line or pass for another one. */
export const onOneLine = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
