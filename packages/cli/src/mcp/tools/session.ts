/** Findings and threads of a session, and an agent's words in them. */
import { RULES } from "@redline/core/reviewers/index";
import * as v from "valibot";
import { CommandFailure } from "../../failure";
import type { Severity } from "../api";
import type { Call } from "../call";
import { newMessageId } from "../ids";

const session = v.optional(
  v.pipe(v.string(), v.description("A session's id; without it, the one that this agent proposed in last.")),
);

export const listFindingsInput = v.object({
  session,
  path: v.optional(v.string()),
  include_decided: v.optional(v.boolean()),
});
export const explainInput = v.object({
  rule: v.optional(v.pipe(v.string(), v.description("A rule's id, such as ruff/F401, or its last part."))),
  session,
  finding: v.optional(v.pipe(v.string(), v.description("A finding's identity, as list_findings has it."))),
});
export const listThreadsInput = v.object({
  session,
  thread: v.optional(v.pipe(v.string(), v.description("A thread's id, to read its messages."))),
  status: v.optional(v.picklist(["open", "resolved"])),
});
export const replyInput = v.object({
  session,
  thread: v.string(),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(5_000), v.description("Markdown.")),
});

type FindingView = {
  identity: string;
  path: string;
  startLine: number;
  rule: string;
  severity: Severity;
  title: string;
  explanation: string;
  decision?: string;
};
type SessionAnswer = {
  session: { id: string; url: string; review?: { status: string } };
  findings: FindingView[];
  threads: { id: string; path: string; status: string }[];
  nextCursor?: string;
};

const idPattern = { session: /^ses_[0-9A-Za-z]{26}$/, thread: /^thr_[0-9A-Za-z]{26}$/ };

function requireId(kind: keyof typeof idPattern, id: string): string {
  if (!idPattern[kind].test(id)) throw new CommandFailure(`"${id.slice(0, 80)}" is not a ${kind}'s id.`);
  return id;
}

function sessionOf(given: string | undefined, { host }: Call): string {
  const id = given ?? host.lastSession;
  if (id === undefined) {
    throw new CommandFailure("Name a session.", "The resource redline://sessions lists them.");
  }
  return requireId("session", id);
}

const read = (given: string | undefined, call: Call, query = "") =>
  call.host.api.send<SessionAnswer>(
    "GET",
    `/agents/sessions/${sessionOf(given, call)}${query}`,
    undefined,
    call.signal,
  );

export async function listFindings(input: v.InferOutput<typeof listFindingsInput>, call: Call) {
  const { session: of, findings } = await read(input.session, call);
  const wanted = findings.filter(
    ({ path, decision }) => (!input.path || path === input.path) && (input.include_decided || !decision),
  );
  const reviewed = of.review?.status === "done" ? {} : { note: "The review of the newest version is not finished." };
  return { session: of.id, url: of.url, findings: wanted, ...reviewed };
}

export async function explainFinding(input: v.InferOutput<typeof explainInput>, call: Call) {
  if (input.rule !== undefined) return { rule: ruleOf(input.rule) };
  if (input.finding === undefined) throw new CommandFailure("Name a rule, or a finding of a session.");
  const { findings } = await read(input.session, call);
  const finding = findings.find(({ identity }) => identity === input.finding);
  if (!finding) throw new CommandFailure("That finding was not found. Its code may have changed.");
  const rule = RULES.find(({ id }) => id === finding.rule);
  return { finding, ...(rule && { rule }) };
}

export function ruleOf(name: string) {
  const wanted = name.toLowerCase();
  const rule =
    RULES.find(({ id }) => id.toLowerCase() === wanted) ??
    RULES.find(({ id }) => id.toLowerCase().endsWith(`/${wanted}`));
  if (!rule)
    throw new CommandFailure(`There is no rule "${name.slice(0, 80)}".`, "The resource redline://rules lists them.");
  return rule;
}

export async function listThreads(input: v.InferOutput<typeof listThreadsInput>, call: Call) {
  if (input.thread !== undefined) {
    const path = `/agents/sessions/${sessionOf(input.session, call)}/threads/${requireId("thread", input.thread)}`;
    return call.host.api.send<object>("GET", path, undefined, call.signal);
  }
  const answer = await read(input.session, call);
  const threads = [...answer.threads];
  for (let cursor = answer.nextCursor; cursor !== undefined; ) {
    const page: SessionAnswer = await read(input.session, call, `?cursor=${encodeURIComponent(cursor)}`);
    threads.push(...page.threads);
    cursor = page.nextCursor;
  }
  const wanted = threads.filter(({ status }) => !input.status || status === input.status);
  return { session: answer.session.id, url: answer.session.url, threads: wanted };
}

export async function reply({ session: given, thread, text }: v.InferOutput<typeof replyInput>, call: Call) {
  const path = `/agents/sessions/${sessionOf(given, call)}/threads/${requireId("thread", thread)}`;
  return call.host.api.send<object>("POST", path, { agent: call.agent, text, messageId: newMessageId() }, call.signal);
}
