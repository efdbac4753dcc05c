/** The tools that a model may call, as it is told of them and as its calls are read. */
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { cleanPath } from "../codebases/internal";
import { confidences, severities } from "../reviewers/schema";
import type { ToolCall, ToolResult, ToolSpec } from "./schema";

const line = v.pipe(v.number(), v.integer());
const path = v.pipe(v.string(), v.minLength(1));
const shortText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300));
const longText = v.pipe(v.string(), v.trim(), v.maxLength(5_000));

const rangeEditSchema = v.object({
  path: v.pipe(path, v.description('The file, as its "File:" line names it.')),
  start_line: v.pipe(line, v.minValue(1), v.description("First line, as numbered in the material.")),
  end_line: v.pipe(
    line,
    v.minValue(0),
    v.description("Last line, inclusive. A new file has start_line 1 and end_line 0."),
  ),
  original: v.pipe(v.string(), v.description("Those lines exactly as they stand, without their numbers.")),
  replacement: v.pipe(v.string(), v.description("What stands there instead, every line written out.")),
});
const deletionSchema = v.object({ path, delete: v.literal(true) });
export const ProposedEditsSchema = v.pipe(
  v.array(v.union([rangeEditSchema, deletionSchema])),
  v.minLength(1),
  v.maxLength(200),
);

const schemas = {
  propose_change: v.object({
    summary: v.pipe(shortText, v.description("What the change does, in one short sentence.")),
    edits: ProposedEditsSchema,
  }),
  report_finding: v.object({
    path,
    start_line: v.pipe(line, v.minValue(1)),
    end_line: v.pipe(line, v.minValue(1)),
    severity: v.picklist(severities),
    rule: v.pipe(shortText, v.description("A short name in kebab-case for this kind of problem.")),
    title: v.pipe(shortText, v.description("What is wrong at this place, in one line.")),
    explanation: v.pipe(longText, v.description("Why it matters and what to do, in markdown.")),
    confidence: v.picklist(confidences),
    edits: v.optional(v.pipe(ProposedEditsSchema, v.description("A fix, when it is certain."))),
  }),
  finish_review: v.object({ summary: longText, confidence: v.picklist(confidences) }),
};

const DESCRIPTIONS: Record<ToolName, string> = {
  propose_change:
    "Proposes an edit of the code, which the reader sees as a redline and may accept. To insert, replace the line before by itself and the new lines. To delete a file, give its path and delete: true.",
  report_finding: "Reports one problem in the code.",
  finish_review: "Ends the review, when everything worth reporting was reported.",
};

export type ToolName = keyof typeof schemas;
export type ProposedEdit = v.InferOutput<typeof ProposedEditsSchema>[number];
export type ProposedChange = v.InferOutput<typeof schemas.propose_change>;
export type ReportedFinding = v.InferOutput<typeof schemas.report_finding>;
export type FinishedReview = v.InferOutput<typeof schemas.finish_review>;

/** A call that may be carried out: its types hold, and its paths are in scope. */
export type ReadToolCall =
  | { name: "propose_change"; input: ProposedChange }
  | { name: "report_finding"; input: ReportedFinding }
  | { name: "finish_review"; input: FinishedReview };

/**
 * The scope of a task's calls, checked on each call, whatever the prompt said: `paths` are the files of the one
 * codebase that the call is about, `mayAddFiles` allows edits to name others.
 */
export type ToolScope = { tools: readonly ToolName[]; paths: readonly string[]; mayAddFiles: boolean };

/** The tools as a model is told of them. */
export const toolSpecs = (names: readonly ToolName[]): ToolSpec[] =>
  names.map((name) => ({ name, description: DESCRIPTIONS[name], inputSchema: jsonSchema(name) }));

/** `result` is what the model is answered, as a tool error; `outOfScope` is a change that may not be made, all else of which is right. */
export type ToolCallReading =
  | { ok: true; call: ReadToolCall }
  | { ok: false; result: ToolResult; outOfScope?: ProposedChange };

/** Reads a model's call. Refused: broken JSON, unknown tools, tools and paths out of scope, wrong types. Never throws. */
export function readToolCall(call: ToolCall, scope: ToolScope): ToolCallReading {
  const refused = (text: string): ToolCallReading => ({ ok: false, result: { callId: call.id, text, isError: true } });
  const known = scope.tools.find((name) => name === call.name);
  if (!known) {
    return refused(
      `There is no tool "${call.name.slice(0, 60)}" here. You may call: ${scope.tools.join(", ") || "none"}.`,
    );
  }
  if (call.malformed !== undefined) return refused(`The input of ${known} is not valid JSON. Call it again.`);
  const parsed = v.safeParse(schemas[known], withNumbers(call.input));
  if (!parsed.success) return refused(`${known} was called with a wrong input. ${issuesInWords(parsed.issues)}`);
  try {
    return { ok: true, call: { name: known, input: inScope(parsed.output, scope) } as ReadToolCall };
  } catch (error) {
    if (!(error instanceof OutOfScope)) throw error;
    const change = known === "propose_change" && { outOfScope: parsed.output as ProposedChange };
    return { ...refused(error.message), ...change } as ToolCallReading;
  }
}

/** Small models write numbers and `true` as strings, in lists of edits too. */
function withNumbers(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(withNumbers);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      if (key === "edits") return [key, withNumbers(value)];
      if (key.endsWith("_line") && typeof value === "string" && /^\d{1,9}$/.test(value)) return [key, Number(value)];
      return [key, key === "delete" && value === "true" ? true : value];
    }),
  );
}

class OutOfScope extends Error {}

type AnyInput = ProposedChange | ReportedFinding | FinishedReview;

function inScope(input: AnyInput, scope: ToolScope): AnyInput {
  const scoped = { ...input };
  if ("path" in scoped) scoped.path = existing(scoped.path, scope);
  if ("edits" in scoped && scoped.edits) {
    scoped.edits = scoped.edits.map((edit) => ({ ...edit, path: editable(edit.path, scope) }));
  }
  return scoped;
}

function existing(given: string, scope: ToolScope): string {
  const cleaned = clean(given);
  if (!scope.paths.includes(cleaned)) {
    throw new OutOfScope(`There is no file "${cleaned.slice(0, 120)}" in this task. Name a file of the material.`);
  }
  return cleaned;
}

const editable = (given: string, scope: ToolScope): string =>
  scope.mayAddFiles ? clean(given) : existing(given, scope);

function clean(given: string): string {
  try {
    return cleanPath(given);
  } catch (error) {
    throw new OutOfScope(error instanceof Error ? error.message : "That path can't be used.");
  }
}

function issuesInWords(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .flatMap(withoutUnion)
    .slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message.slice(0, 200)}`)
    .join("; ");
}

/** Describes an edit that is neither a change of lines nor a deletion: names the field that the intended one lacks. */
function withoutUnion(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown>[] {
  const { type, input, path } = issue;
  if (type !== "union" || typeof input !== "object" || input === null) return [issue];
  const { issues } = v.safeParse("delete" in input ? deletionSchema : rangeEditSchema, input);
  if (!issues || !path) return [issue];
  return issues.map((each) => ({ ...each, path: [...path, ...(each.path ?? [])] }) as v.BaseIssue<unknown>);
}

const jsonSchemas = new Map<ToolName, Record<string, unknown>>();

function jsonSchema(name: ToolName): Record<string, unknown> {
  const known = jsonSchemas.get(name);
  if (known) return known;
  const { $schema: _, ...schema } = toJsonSchema(schemas[name], { typeMode: "input", errorMode: "ignore" });
  jsonSchemas.set(name, schema);
  return schema;
}
