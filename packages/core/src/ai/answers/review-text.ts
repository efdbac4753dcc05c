/** The findings of a model that has no tools, which it writes as JSON. */
import { endOfJson } from "../json-brackets";
import { type FinishedReview, type ReportedFinding, readToolCall, type ToolScope } from "../tools";
import { parseJson } from "./json-answer";

export type ReviewText = {
  findings: ReportedFinding[];
  finish?: FinishedReview;
  /** Objects that look like findings but can't be read, or name files out of scope. */
  unread: number;
  /** False for an answer in which no JSON of a review was found: it then says nothing about the code. */
  isReview: boolean;
};

/** Objects that are looked at; an answer of its greatest length holds far fewer. */
const MAX_OBJECTS = 500;

/** Reads `{"findings": […], "summary", "confidence"}`, a list of findings, or single ones; of a cut answer what is whole. */
export function readReviewText(text: string, scope: ToolScope): ReviewText {
  const result: ReviewText = { findings: [], unread: 0, isReview: false };
  let at = text.indexOf("{");
  for (let tries = 0; at !== -1 && tries < MAX_OBJECTS; tries++) {
    const end = endOfJson(text, at);
    const value = end === undefined ? undefined : parseJson(text.slice(at, end));
    const isRead = isObject(value) && take(value, scope, result);
    // An object that can't be read may contain others that can.
    at = text.indexOf("{", isRead && end !== undefined ? end : at + 1);
  }
  if (/^\s*(?:```\w*\s*)?\[\s*\]/.test(text)) result.isReview = true;
  return result;
}

function take(value: Record<string, unknown>, scope: ToolScope, result: ReviewText): boolean {
  const { findings, ...rest } = value;
  if (Array.isArray(findings)) {
    result.isReview = true;
    for (const each of findings) takeFinding(each, scope, result);
    const finish = readToolCall({ id: "text", name: "finish_review", input: rest }, scope);
    if (finish.ok && finish.call.name === "finish_review") result.finish = finish.call.input;
    return true;
  }
  if (!("severity" in value) || !("title" in value)) return false;
  result.isReview = true;
  takeFinding(value, scope, result);
  return true;
}

function takeFinding(input: unknown, scope: ToolScope, result: ReviewText): void {
  const reading = readToolCall({ id: "text", name: "report_finding", input }, scope);
  if (reading.ok && reading.call.name === "report_finding") result.findings.push(reading.call.input);
  else result.unread++;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
