import type { Actor } from "../auth/schema";
import { listFindings } from "../review/index";
import type { PlacedFinding } from "../review/schema";
import { RULES, type RuleDoc } from "../reviewers/index";
import type { MessageKind, Proposal, Thread } from "../threads/schema";

/** The built-in reviewer's reply about its own findings: from its catalogue, word for word, and never as a model. */
export type BuiltinReply = { text: string; proposals: Proposal[] };

/** Findings that one reply speaks of; past it the list beside the code is the better place. */
const MAX_FINDINGS = 5;

/**
 * Returns the built-in reply about its findings on a thread's lines, or undefined without findings or for any other
 * request.
 */
export async function builtinReply(
  actor: Actor,
  thread: Thread,
  messageKind: MessageKind,
): Promise<BuiltinReply | undefined> {
  if (messageKind !== "explain" && messageKind !== "fix") return undefined;
  const findings = await findingsOf(actor, thread);
  if (findings.length > 0) return renderFindings(findings, messageKind);
  const rule = thread.finding?.source === "builtin" ? ruleOf(thread.finding.rule) : undefined;
  if (!rule || !thread.finding) return undefined;
  const gone = "This finding no longer exists because its code has changed or is being reviewed.";
  const { title, severity } = thread.finding;
  return { text: [headOf(title, severity, rule.id), gone, explain(rule)].join("\n\n"), proposals: [] };
}

/** The thread's own finding first, then what else was found on its lines. */
async function findingsOf(actor: Actor, thread: Thread): Promise<PlacedFinding[]> {
  const all = await listFindings(actor, { sessionId: thread.sessionId });
  const own = all.filter((finding) => finding.identity === thread.finding?.identity);
  const { anchor } = thread;
  const near = all.filter(
    (finding) =>
      finding.path === thread.path &&
      finding.anchorState !== "outdated" &&
      finding.identity !== thread.finding?.identity &&
      anchor !== undefined &&
      anchor.state !== "outdated" &&
      finding.startLine <= anchor.endLine &&
      finding.endLine >= anchor.startLine,
  );
  return [...own, ...near].filter((finding) => ruleOf(finding.rule) !== undefined);
}

function renderFindings(findings: PlacedFinding[], messageKind: "explain" | "fix"): BuiltinReply {
  const shown = findings.slice(0, MAX_FINDINGS);
  const parts = shown.map((finding) => (messageKind === "fix" ? fixTextOf(finding) : explanationOf(finding)));
  const remaining = findings.length - shown.length;
  if (remaining > 0) parts.push(`${remaining} more findings on these lines. Select fewer lines to see them.`);
  const fixes = messageKind === "fix" ? shown : shown.slice(0, 1);
  return { text: parts.join("\n\n"), proposals: fixes.flatMap(proposalOf) };
}

function explanationOf(finding: PlacedFinding): string {
  const rule = ruleOf(finding.rule) as RuleDoc;
  return [headOf(finding.title, finding.severity, finding.rule), explain(rule)].join("\n\n");
}

function fixTextOf(finding: PlacedFinding): string {
  const rule = ruleOf(finding.rule) as RuleDoc;
  const head = headOf(finding.title, finding.severity, finding.rule);
  if (!finding.fix) {
    return [
      head,
      "I have no fix of my own for this that is proven to apply. What the rule asks for:",
      explain(rule),
    ].join("\n\n");
  }
  const trust =
    finding.fix.safety === "safe" ? "This fix is safe to apply." : "Review it first: it may change behavior.";
  return [head, `${rule.why}\n\n**The fix:** ${finding.fix.summary}. ${trust}`].join("\n\n");
}

const headOf = (title: string, severity: string, rule: string): string =>
  `**${escapeMarkdown(title)}** (${severity}, \`${rule}\`)`;

function explain(rule: RuleDoc): string {
  const language = rule.languages[0] === "*" ? "" : (rule.languages[0] ?? "");
  return [rule.why, "Instead of", fence(rule.bad, language), "write", fence(rule.good, language)].join("\n\n");
}

function fence(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${code.trimEnd()}\n${ticks}`;
}

/** A finding's title may quote the code. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]()#+!|<>~-]/g, "\\$&");

const proposalOf = ({ fix, path }: PlacedFinding): Proposal[] =>
  fix ? [{ kind: "change", changeId: fix.changeId, summary: fix.summary, paths: [path] }] : [];

const ruleOf = (id: string): RuleDoc | undefined => RULES.find((rule) => rule.id === id);
