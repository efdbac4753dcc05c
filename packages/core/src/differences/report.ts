/** Writes the review of a difference as text: for people as Markdown, for a coding agent as a prompt. */
import { isNewHere, type PlacedFinding } from "../review/schema";
import { splitLines } from "../text/index";
import type { LinesDecision } from "./decisions/schema";
import type { DifferenceReport, DiscussedThread } from "./export";
import type { VerdictKind } from "./schema";

export const VERDICT_NAMES: Record<VerdictKind, string> = {
  approve: "Approved",
  "request-changes": "Changes requested",
  comment: "Commented",
};

/** Lines of code that are quoted of one place. */
const MAX_QUOTED_LINES = 20;

const isStanding = (finding: PlacedFinding): boolean =>
  !finding.decision && finding.anchorState !== "outdated" && isNewHere(finding);

const isOpenThread = ({ status }: DiscussedThread): boolean => status === "open";

type Place = { path: string; first?: number; last?: number };

const placeOfThread = ({ path, anchor }: DiscussedThread): Place =>
  anchor && anchor.state !== "outdated" ? { path, first: anchor.startLine, last: anchor.endLine } : { path };

const placeText = ({ path, first, last }: Place): string =>
  first === undefined ? path : first === last ? `${path}:${first}` : `${path}:${first}-${last}`;

/** Returns the text that tells an agent what to change. */
export async function promptText(report: DifferenceReport): Promise<string> {
  const { session, threads, findings, verdicts, decisions } = report;
  const open = threads.filter(isOpenThread);
  const standing = findings.filter(isStanding);
  const [verdict] = verdicts;
  const parts = [`Review of "${session.name}". Address each point below; answer the ones you leave as they are.`];
  if (verdict?.summary) parts.push(`${VERDICT_NAMES[verdict.kind]}: ${verdict.summary}`);
  let number = 0;
  for (const decision of decisions) {
    if (decision.decision === "reject" || decision.note !== "") parts.push(`${++number}. ${decisionText(decision)}`);
  }
  for (const thread of open) {
    const place = placeOfThread(thread);
    parts.push(`${++number}. ${placeText(place)}\n${await quoted(report, place)}${said(thread, "   ")}`);
  }
  for (const finding of standing) {
    const { path, startLine: first, endLine: last, title, explanation, rule, severity, fix } = finding;
    const place = { path, first, last };
    const advice = fix ? `\n   Suggested fix: ${fix.summary}` : "";
    parts.push(
      `${++number}. ${placeText(place)} (${severity}, ${rule})\n${await quoted(report, place)}   ${title}\n   ${explanation}${advice}`,
    );
  }
  if (number === 0) parts.push("There are no rejected changes, no open threads and no new findings.");
  return `${parts.join("\n\n")}\n`;
}

function decisionText({ decision, path, lines, removed, added, note, version }: LinesDecision): string {
  const [range] = lines.added.length > 0 ? lines.added : lines.removed;
  const place = placeText({ path, first: range?.first, last: (lines.added.at(-1) ?? range)?.last });
  const where = lines.added.length > 0 ? `in v${version}` : "on the base";
  const said = decision === "reject" ? "was rejected: keep the file without it" : "was accepted";
  const diff = [...marked("-", removed), ...marked("+", added)];
  const shown = diff.length > MAX_QUOTED_LINES ? [...diff.slice(0, MAX_QUOTED_LINES), "   …\n"] : diff;
  const reason = note === "" ? "" : `${note.replace(/^/gm, "   ")}`;
  return `${place} (${where}): this change ${said}.\n${shown.join("")}${reason}`.trimEnd();
}

const marked = (sign: string, text: string): string[] =>
  splitLines(text).map((line) => `   ${sign}${line.replace(/\r?\n$/, "")}\n`);

/** Returns the review as Markdown. */
export async function reviewMarkdown(report: DifferenceReport): Promise<string> {
  const { session, difference, findings, threads, verdicts, codebase } = report;
  const files = difference.files.map(({ file }) => file);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const parts = [
    `# ${escapeInline(session.name)}`,
    `${files.length} ${files.length === 1 ? "file" : "files"} changed, +${added} −${removed}; reviewed at v${codebase.number}.`,
  ];
  for (const { kind, summary, version, authorName, createdAt } of verdicts) {
    const words = summary ? `\n\n${quoteLines(summary)}` : "";
    parts.push(`**${VERDICT_NAMES[kind]}** by ${escapeInline(authorName)} at v${version}, ${createdAt}${words}`);
  }
  for (const { path } of files) {
    const here = findings.filter((finding) => finding.path === path && isStanding(finding));
    const talk = threads.filter((thread) => thread.path === path);
    if (here.length === 0 && talk.length === 0) continue;
    parts.push(`## ${code(path)}`);
    for (const { startLine, severity, title, rule, explanation } of here) {
      parts.push(`- **${severity}** line ${startLine}: ${title} (${code(rule)})\n  ${explanation}`);
    }
    for (const thread of talk) {
      const place = placeOfThread(thread);
      const state = thread.status === "resolved" ? " (resolved)" : "";
      parts.push(`### ${code(placeText(place))}${state}\n\n${await fenced(report, place)}${said(thread, "")}`);
    }
  }
  return `${parts.join("\n\n")}\n`;
}

function said({ messages }: DiscussedThread, indent: string): string {
  const texts = messages.flatMap(({ author, text }) => (text ? [`${author.name}: ${text}`] : []));
  return texts.map((text) => text.replace(/^/gm, indent)).join("\n\n");
}

async function linesOf({ textOf }: DifferenceReport, { path, first, last }: Place): Promise<string[]> {
  if (first === undefined || last === undefined) return [];
  const lines = splitLines(await textOf(path)).slice(first - 1, Math.min(last, first - 1 + MAX_QUOTED_LINES));
  return lines.map((line) => line.replace(/\r?\n$/, ""));
}

async function quoted(report: DifferenceReport, place: Place): Promise<string> {
  const lines = await linesOf(report, place);
  return lines.map((line) => `   > ${line}\n`).join("");
}

async function fenced(report: DifferenceReport, place: Place): Promise<string> {
  const lines = await linesOf(report, place);
  if (lines.length === 0) return "";
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${lines.join("\n")}\n${fence}\n\n`;
}

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
const quoteLines = (text: string): string => text.replace(/^/gm, "> ");
const escapeInline = (text: string): string => text.replace(/[\\`*_[\]<>#]/g, "\\$&");
