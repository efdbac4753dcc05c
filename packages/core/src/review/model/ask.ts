/** One file's talk with the model: what is asked, how its calls are answered, and when it is enough. */
import type { ModelRoom } from "../../ai/index";
import {
  type ContextFinding,
  type FileContext,
  REVIEW_VERSION,
  type ReviewPromptInput,
  type Room,
  readReviewText,
  readToolCall,
  renderReviewPrompt,
  type ToolScope,
  toolSpecs,
  usesTools,
} from "../../ai/internal";
import type { ModelMessage, ToolResult } from "../../ai/schema";
import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import { type CallRequest, callOnce, type Spent, type Turn } from "./call";
import { boundingRange, REVIEW_TOOLS } from "./plan";
import { type AskedFile, Reports } from "./reports";

export type FileQuestion = {
  file: AskedFile;
  /** The built-in reviewer's findings, as evidence. */
  findings: ContextFinding[];
  /** Titles of findings with a decision. */
  decided: string[];
  instructions: string;
  boundary: string;
  /** The first model's way of counting tokens. */
  room: ModelRoom;
  /** Tokens that may be used in all. */
  roomTokens: number;
};

/** A file's result. `isComplete`: the model covered all of the lines. */
export type ModelOutcome = {
  reports: Reports["list"];
  isComplete: boolean;
  /** Why it is not complete. */
  reason?: string;
  error?: AppError;
  isAborted: boolean;
  /** The part of the file that the model was shown. */
  context?: FileContext;
};

const MAX_FINDINGS = 30;
/** With less room than this another answer can't come to anything. */
const MIN_OUTPUT_TOKENS = 400;

const REPORT_BY_TOOL =
  "Nothing of that could be read as findings. Call report_finding for each problem, and finish_review at the end; where nothing is wrong, call finish_review only.";

const REPORT_IN_TEXT =
  "Nothing of that could be read as findings. Answer with the one JSON object that was described, and nothing else; where nothing is wrong, its list of findings is empty.";

/** The most retries after an answer without findings to read: for calls, then for text where the model has no tools. */
const MAX_NUDGES = 2;

export async function askAboutFile(
  call: CallRequest,
  question: FileQuestion,
  spent: Spent,
  onReport: (count: number) => void,
): Promise<ModelOutcome> {
  const { file } = question;
  const scope: ToolScope = { tools: REVIEW_TOOLS, paths: [file.path], mayAddFiles: false };
  const prompt = promptOf(question);
  const fit = (room: Room) => renderReviewPrompt(prompt, room);
  const reports = new Reports(file);
  const before = spent.tokens;
  let messages: ModelMessage[] = [];
  let context: FileContext | undefined;
  let malformed = 0;
  let nudges = 0;
  let isRepaired = false;
  const end = (rest: Partial<ModelOutcome> = {}): ModelOutcome => ({
    reports: reports.list,
    isComplete: false,
    isAborted: false,
    ...(context && { context }),
    ...rest,
  });
  for (let calls = 1; ; calls += 1) {
    const room = question.roomTokens - (spent.tokens - before) - inputTokensOf(prompt, messages, question.room);
    const maxOutputTokens = Math.min(LIMITS.modelReview.outputTokens, room);
    if (maxOutputTokens < MIN_OUTPUT_TOKENS) return end({ reason: "its share of the budget was used up" });
    const hadTools = usesTools("review");
    const request = {
      ...{ system: "", fit, messages, tools: toolSpecs(REVIEW_TOOLS), maxOutputTokens },
      // finish_review can always be called: a server whose model does not has told it of no tools.
      mustCall: nudges > 0,
    };
    const turn = await callOnce(call, { ...request, promptVersion: REVIEW_VERSION }, spent);
    context = turn.context ?? context;
    file.shown = context?.kind === "local" ? { startLine: context.startLine, endLine: context.endLine } : undefined;
    const read = readTurn(turn, scope, reports);
    malformed = read.malformed === 0 ? 0 : malformed + read.malformed;
    onReport(reports.list.length);
    if (call.signal.aborted) return end({ isAborted: true });
    if (turn.error) return end({ error: turn.error, reason: turn.error.message });
    if (turn.reason === "refusal") return end({ reason: `the model declined: ${turn.text.trim().slice(0, 300)}` });
    if (malformed >= LIMITS.model.maxMalformedCalls) {
      return end({ reason: "the model's findings could not be read, three times in a row" });
    }
    if (turn.reason === "contextFull") return end({ reason: "the model's context was full" });
    if (turn.reason === "length") return end({ reason: "the model's answer was cut at its greatest length" });
    const repairs = isRepaired ? [] : reports.refused();
    const wantsRepair = repairs.length > 0;
    const hasLostTools = hadTools && !usesTools("review");
    const isSilent = !read.isReview && (nudges === 0 || (hasLostTools && nudges < MAX_NUDGES));
    const isDone = read.isFinished || (read.isReview && turn.reason === "end");
    // A last report that could not be read is lost, so the answer is incomplete.
    const whole = read.unread === 0 ? { isComplete: true } : { reason: unreadWords(read.unread) };
    if (isDone && !wantsRepair) return end(whole);
    if (!isDone && !read.isReview && !isSilent)
      return end({ reason: "nothing in its answer could be read as findings" });
    if (calls >= LIMITS.modelReview.maxCalls) {
      return end(isDone ? whole : { reason: "the model did not come to an end" });
    }
    if (wantsRepair) isRepaired = true;
    if (isSilent) nudges += 1;
    const nudge = isSilent ? (usesTools("review") ? REPORT_BY_TOOL : REPORT_IN_TEXT) : undefined;
    const next = nextMessages(turn, read, wantsRepair ? repairWords(repairs) : nudge);
    if (isDone && room - maxOutputTokens < messageTokens(next, question.room)) return end(whole);
    messages = [...messages, ...next];
  }
}

const promptOf = ({ file, findings, decided, instructions, boundary }: FileQuestion): ReviewPromptInput => {
  const { path, text, language, only } = file;
  const files = [{ path, text, language, selection: boundingRange(only) }];
  return { files, findings: findings.slice(0, MAX_FINDINGS), only, decided, instructions, boundary, hasTools: true };
};

/** `unread` findings could not be read, or are of other files. */
type Read = { results: ToolResult[]; malformed: number; unread: number; isFinished: boolean; isReview: boolean };

const unreadWords = (unread: number): string =>
  unread === 1 ? "one of its findings could not be read" : `${unread} of its findings could not be read`;

function readTurn(turn: Turn, scope: ToolScope, reports: Reports): Read {
  const read: Read = { results: [], malformed: 0, unread: 0, isFinished: false, isReview: false };
  for (const call of turn.calls) {
    const reading = readToolCall(call, scope);
    if (!reading.ok) {
      read.malformed += 1;
      if (call.name === "report_finding") read.unread += 1;
      read.results.push(reading.result);
      continue;
    }
    read.isReview = true;
    if (reading.call.name === "finish_review") {
      read.isFinished = true;
      read.results.push({ callId: call.id, text: "Noted." });
    } else if (reading.call.name === "report_finding") {
      const refusal = reports.take(reading.call.input);
      const text = refusal ?? "Recorded.";
      read.results.push({ callId: call.id, text, ...(refusal !== undefined && { isError: true }) });
    }
  }
  if (turn.calls.length > 0 || turn.text.trim() === "") return read;
  const text = readReviewText(turn.text, scope);
  for (const finding of text.findings) reports.take(finding);
  return { ...read, unread: text.unread, isReview: text.isReview, isFinished: text.isReview && turn.reason === "end" };
}

const repairWords = (refused: { title: string; refusal: string }[]): string =>
  [
    "These fixes do not apply to the code:",
    ...refused.map(({ title, refusal }) => `- ${title}: ${refusal}`),
    "Report each of these findings once more with edits that repeat the original lines exactly as they are numbered in the material, or without edits. Report nothing else.",
  ].join("\n");

function nextMessages(turn: Turn, { results }: Read, words: string | undefined): ModelMessage[] {
  if (turn.calls.length === 0) {
    return [
      { role: "assistant", text: turn.text || "…" },
      { role: "user", text: words ?? REPORT_BY_TOOL },
    ];
  }
  const last = results.at(-1);
  const answered = words && last ? [...results.slice(0, -1), { ...last, text: `${last.text}\n\n${words}` }] : results;
  return [
    { role: "assistant", text: turn.text, toolCalls: turn.calls },
    { role: "tool", results: answered },
  ];
}

/** At most, for the first choice of models; all that it may be sent where the prompt does not fit it. */
function inputTokensOf(prompt: ReviewPromptInput, after: ModelMessage[], room: ModelRoom): number {
  const tools = toolSpecs(REVIEW_TOOLS);
  try {
    const { system, messages } = renderReviewPrompt(prompt, room);
    return room.counter.most({ system, messages: [...messages, ...after], tools });
  } catch (error) {
    if (error instanceof AppError && error.code === "TOKEN_LIMIT_EXCEEDED") return room.tokens;
    throw error;
  }
}

const messageTokens = (messages: ModelMessage[], room: ModelRoom): number =>
  room.counter.most({ system: "", messages, tools: [] });
