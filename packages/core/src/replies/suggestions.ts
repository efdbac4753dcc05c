import type { Suggestion } from "../ai/index";
import type { ProposedChange } from "../ai/internal";
import { type NormalisedEdits, normaliseEdits, normaliseSuggestion, type SuggestionBase } from "../ai/internal";
import { proposeChange } from "../changes/internal";
import { derivedId } from "../platform/ids";
import type { Proposal } from "../threads/schema";
import type { Question } from "./question";
import type { ReplyWriter } from "./reply-writer";

/** A suggestion that can't be a change: what a reader may copy, and why it does not apply. */
export type Refusal = { summary: string; path?: string; code: string; reason: string };

export type ProposalResult = { ok: true; proposal: Proposal } | { ok: false; refusal: Refusal };

/** A tool call's edits become a change, or are refused with the reason. */
export function proposeFromToolCall(
  writer: ReplyWriter,
  question: Question,
  base: SuggestionBase,
  wanted: ProposedChange,
): Promise<ProposalResult> {
  const normalised = normaliseEdits({ ...base, isStrict: true }, wanted.edits);
  return propose(writer, question, normalised, asWanted(wanted));
}

function asWanted({ summary, edits }: ProposedChange): Omit<Refusal, "reason"> {
  const code = edits.map((edit) => ("delete" in edit ? "" : edit.replacement)).join("\n");
  return { summary, code, path: edits[0]?.path };
}

/** A change of files that this session may not change. */
export const refusedChange = (wanted: ProposedChange, reason: string): Refusal => ({ ...asWanted(wanted), reason });

/** A change that a model called for, and of which nothing but this could be read. */
export const unreadChange = (): Refusal => ({
  summary: "A suggestion that could not be read",
  code: "",
  reason: "The model did not write it in the form that was asked for, and did not write it again.",
});

/** A change whose end never came. */
export const unfinishedChange = (code: string): Refusal => ({
  summary: "A suggestion that was cut off",
  code,
  reason: "The reply ended before the suggestion was complete.",
});

/** Verifies a suggestion that was written as text. */
export function proposeFromText(
  writer: ReplyWriter,
  question: Question,
  base: SuggestionBase,
  suggestion: Suggestion,
): Promise<ProposalResult> {
  const normalised = normaliseSuggestion(base, suggestion, question.path);
  return propose(writer, question, normalised, {
    summary: suggestion.summary,
    code: suggestion.code,
    path: question.path,
  });
}

async function propose(
  writer: ReplyWriter,
  question: Question,
  normalised: NormalisedEdits,
  { summary, code, path }: { summary: string; code: string; path?: string },
): Promise<ProposalResult> {
  const refused = (reason: string): ProposalResult => ({ ok: false, refusal: { summary, path, code, reason } });
  if (!normalised.ok) return refused(normalised.reason);
  const paths = normalised.edits.map((edit) => edit.path);
  const words = (summary.trim() || `Change ${paths.join(", ")}`).slice(0, 200);
  const { session, thread, number, attempt } = writer.task;
  const model = writer.model ?? "model";
  const proposed = await proposeChange(
    {
      // One for each suggestion of an attempt, so that writing it twice makes one.
      id: derivedId("chg", session.id, thread.id, `${number}.${attempt}.${writer.nextSuggestion()}`),
      codebase: question.codebase,
      tree: question.tree,
      base: question.version,
      edits: normalised.edits,
      summary: words,
      author: { kind: "reviewer", id: model, name: modelWords(model) },
      origin: { kind: "message", sessionId: session.id, threadId: thread.id, number },
    },
    writer.signal,
  );
  if (!proposed.ok) return refused(proposed.reason);
  return { ok: true, proposal: { kind: "change", changeId: proposed.change.id, summary: words, paths } };
}

/** A model's own name, without where it runs. */
export const modelWords = (name: string): string =>
  name
    .split("#")
    .at(-1)
    ?.replace(/^bedrock:/, "") ?? name;

/** A suggestion that does not apply, as its reader gets it: to copy, with the reason. */
export const asText = ({ summary, path, code, reason }: Refusal): Proposal => ({
  kind: "text",
  summary: summary.trim() || "A suggestion that does not apply to the code",
  ...(path && { path }),
  code,
  reason,
});
