import { LIMITS } from "../../limits";
import type { LineRange, Room } from "../context";
import { onOneLine, type PromptContext, renderPromptContext, showFiles } from "../prompt-context";
import { MESSAGE_TOKENS } from "../tokens";
import { type Prompt, type PromptOptions, refuseTooLong, systemPrompt } from "./prompt";
import { materialRule, NEVER_LEAVE_OUT, ROLE } from "./wording";

export const REVIEW_VERSION = "review@1";

export type ReviewPromptInput = PromptContext &
  PromptOptions & {
    /** Only problems on these lines of the material's one file are wanted, as in a selection or a difference. */
    only?: readonly LineRange[];
    /** Titles of findings with a decision: not to be reported again. */
    decided?: readonly string[];
  };

const WHAT_COUNTS = [
  "Review the code and report what a careful colleague would: bugs, security holes, wrong edge cases, races, leaks, misleading names, missing error handling. One finding per problem, on the fewest lines that show it.",
  "critical: data loss, security, a crash in normal use. major: wrong results or failures that will happen. minor: worth fixing. nit: taste.",
  "Report nothing that the built-in reviewer's findings in the material say already, nothing that you are only guessing, and nothing that a formatter would do. Where nothing is wrong, report nothing.",
].join("\n");

const BY_TOOL = [
  "Call report_finding for each problem. Give edits where you are certain of the fix: each names its lines by the numbers shown, repeats them exactly in original, and gives what stands there instead in replacement.",
  NEVER_LEAVE_OUT,
  "When all is reported, call finish_review with a summary of two sentences.",
].join("\n");

const IN_TEXT = [
  "Answer with one JSON object and nothing else:",
  `{"findings": [{"path": "…", "start_line": 3, "end_line": 4, "severity": "critical|major|minor|nit", "rule": "kind-of-problem", "title": "one line", "explanation": "why, and what to do", "confidence": "high|medium|low", "edits": [{"path": "…", "start_line": 3, "end_line": 4, "original": "those lines exactly", "replacement": "the new lines"}]}], "summary": "two sentences", "confidence": "high|medium|low"}`,
  "edits may be left out; give them where you are certain of the fix. Never write line numbers with their bar into them.",
  NEVER_LEAVE_OUT,
].join("\n");

/** Renders the request for the findings of one file. Throws TOKEN_LIMIT_EXCEEDED. */
export function renderReviewPrompt(input: ReviewPromptInput, room: Room): Prompt {
  const decided = (input.decided ?? []).slice(0, LIMITS.review.maxFindingsPerFile);
  const { boundary } = input;
  const known =
    decided.length === 0
      ? []
      : [
          [
            boundary,
            "Answered before, not to be reported again:",
            ...decided.map((title) => `- ${onOneLine(title)}`),
            boundary,
          ].join("\n"),
        ];
  const only = input.only ? [`Report problems on these lines only: ${input.only.map(rangeInWords).join(", ")}.`] : [];
  const system = reviewSystemPrompt(input, input.hasTools);
  const systemWithoutTools = reviewSystemPrompt(input, false);
  const around = [renderPromptContext({ ...input, files: [] }), ...known, ...only].join("\n\n");
  const fixed = Math.max(room.tokensOf(system), room.tokensOf(systemWithoutTools)) + room.tokensOf(around);
  const files = showFiles(input.files, { ...room, tokens: room.tokens - fixed - MESSAGE_TOKENS });
  const text = [renderPromptContext({ ...input, files }), ...known, ...only].join("\n\n");
  const prompt: Prompt = {
    ...{ version: REVIEW_VERSION, system, systemWithoutTools },
    messages: [{ role: "user", text }],
    context: files[0]?.context,
  };
  return refuseTooLong(prompt, room);
}

const reviewSystemPrompt = ({ boundary, instructions }: ReviewPromptInput, hasTools: boolean): string =>
  systemPrompt([ROLE, materialRule(boundary), WHAT_COUNTS, hasTools ? BY_TOOL : IN_TEXT], instructions);

const rangeInWords = ({ startLine, endLine }: LineRange): string => `${startLine}–${endLine}`;
