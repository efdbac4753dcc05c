/** Plans a review by a model: for each file, the most tokens it may use, or the reason to leave it out. */
import type { ModelRoom } from "../../ai/index";
import { type LineRange, primaryModel, renderReviewPrompt, roomFor, toolSpecs } from "../../ai/internal";
import type { ModelRoute } from "../../ai/schema";
import type { Actor } from "../../auth/schema";
import { readText, versionOf } from "../../codebases/internal";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import { looksMinified, skipReason, unlintedReason } from "../../reviewers/index";
import { settingsOf } from "../../settings/internal";
import { diffLines, splitLines } from "../../text/index";
import type { ModelScope, PlannedFile } from "../schema";

/** Findings that are given as evidence, and answered ones that are named, by estimate. */
const EVIDENCE_TOKENS = 1_000;
/** As long as a real boundary, which is generated for the review. */
const BOUNDARY = `=====MATERIAL-${"x".repeat(24)}=====`;

/** The tools that a model may call in a review. */
export const REVIEW_TOOLS = ["report_finding", "finish_review"] as const;

type InScope = { entry: TreeEntry; text: string; only?: LineRange[] };

/** Throws MODEL_REQUIRED, naming the setting that turns one on. */
export function requireReviewModel(): ModelRoute {
  const route = primaryModel("review");
  if (route) return route;
  throw new AppError(
    "MODEL_REQUIRED",
    "No model is connected, so only the built-in review is available. Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model> and restart. Settings → Model shows the active model.",
  );
}

/** Returns a scope's version and its planned files. Throws FILE_NOT_FOUND, VERSION_NOT_FOUND and INVALID_INPUT. */
export async function planReview(actor: Actor, codebase: Codebase, scope: ModelScope, route: ModelRoute) {
  const version = scope.kind === "difference" ? (scope.to ?? codebase.number) : codebase.number;
  const { tree } = await versionOf(codebase, version);
  const [inScope, room, { instructions }] = await Promise.all([
    filesInScope(codebase, scope, tree),
    roomFor(route, LIMITS.modelReview.outputTokens),
    settingsOf(actor.userId),
  ]);
  return { version, files: inScope.map((file) => planFile(file, room, instructions)) };
}

async function filesInScope(codebase: Codebase, scope: ModelScope, tree: TreeEntry[]): Promise<InScope[]> {
  const withText = async (entry: TreeEntry): Promise<InScope> => ({ entry, text: await readText(codebase, entry) });
  switch (scope.kind) {
    case "session":
      return Promise.all(tree.map(withText));
    case "file":
      return [await withText(entryAt(tree, scope.path))];
    case "selection": {
      const file = await withText(entryAt(tree, scope.path));
      const lines = Math.max(1, splitLines(file.text).length);
      if (scope.startLine > lines) {
        throw new AppError("INVALID_INPUT", `${scope.path} has ${lines} lines.`, { field: "startLine" });
      }
      return [{ ...file, only: [{ startLine: scope.startLine, endLine: Math.min(scope.endLine, lines) }] }];
    }
    case "difference": {
      const before = (await versionOf(codebase, scope.from)).tree;
      const files = await Promise.all(tree.map((entry) => changedFile(codebase, before, entry)));
      return files.filter((file) => file !== undefined);
    }
  }
}

function entryAt(tree: TreeEntry[], path: string): TreeEntry {
  const entry = tree.find((each) => each.path === path);
  if (!entry) throw new AppError("FILE_NOT_FOUND", `There is no file "${path.slice(0, 120)}" in this version.`);
  return entry;
}

/** A file that differs, with its changed lines; where lines were only taken away, those around the gap. */
async function changedFile(codebase: Codebase, before: TreeEntry[], entry: TreeEntry): Promise<InScope | undefined> {
  const was = before.find((each) => each.path === entry.path);
  if (was?.hash === entry.hash) return undefined;
  const text = await readText(codebase, entry);
  if (!was) return { entry, text };
  const lines = Math.max(1, splitLines(text).length);
  const only = diffLines(await readText(codebase, was), text).map(({ bStart, bEnd }) => ({
    startLine: Math.max(1, bStart === bEnd ? bStart : bStart + 1),
    endLine: Math.min(lines, bStart === bEnd ? bEnd + 1 : bEnd),
  }));
  return { entry, text, only };
}

function planFile({ entry, text, only }: InScope, room: ModelRoom, instructions: string): PlannedFile {
  const { path, hash, language } = entry;
  const about = { path, hash, language, ...(only && { only }) };
  const skipped = (reason: string): PlannedFile => ({ ...about, skipped: reason, inputTokens: 0, outputTokens: 0 });
  if (text.trim() === "") return skipped("it is empty");
  // Parts of a large file may be small; minified lines are useless to a model as to a person.
  const reason = only ? undefined : (skipReason(text) ?? unlintedReason({ path, text }));
  if (reason && !reason.startsWith("larger")) return skipped(reason);
  if (looksMinified(text)) return skipped("looks minified or generated");
  try {
    const tools = toolSpecs(REVIEW_TOOLS);
    const files = [{ path, text, language, selection: boundingRange(only) }];
    const input = { files, findings: [], only, instructions, boundary: BOUNDARY, hasTools: true };
    const spare = room.tokens - EVIDENCE_TOKENS - room.counter.most({ system: "", messages: [], tools });
    const { system, messages, context } = renderReviewPrompt(input, { ...room, tokens: spare });
    const inputTokens = room.counter.most({ system, messages, tools }) + EVIDENCE_TOKENS;
    const outputTokens = Math.min(LIMITS.modelReview.outputTokens, Math.max(1, room.contextTokens - inputTokens));
    return { ...about, context: context?.kind ?? "full", inputTokens, outputTokens };
  } catch (error) {
    if (!(error instanceof AppError && error.code === "TOKEN_LIMIT_EXCEEDED")) throw error;
    return skipped("too long for the model to read whole; select the lines that matter");
  }
}

/** Returns the range from the first of some ranges to the last; undefined without any. */
export const boundingRange = (ranges: readonly LineRange[] | undefined): LineRange | undefined =>
  ranges && ranges.length > 0
    ? {
        startLine: Math.min(...ranges.map((range) => range.startLine)),
        endLine: Math.max(...ranges.map((range) => range.endLine)),
      }
    : undefined;

/** Returns the most tokens a file may use: its prompt is counted twice, for the first call and for repairs. */
export const maxTokens = ({ inputTokens, outputTokens }: Pick<PlannedFile, "inputTokens" | "outputTokens">): number =>
  2 * inputTokens + outputTokens;

/**
 * Returns the most that these tokens cost by the configured price; null without one. Tokens marked for a cache may cost
 * more than others, and a cache hit can't be predicted.
 */
export function maxCostOf(
  { price, cachePoints }: ModelRoute,
  inputTokens: number,
  outputTokens: number,
): number | null {
  if (!price) return null;
  const input = cachePoints ? Math.max(price.input, price.cacheWrite ?? 0) : price.input;
  // A price is in dollars for a million tokens, which is millionths of a dollar for one.
  return Math.round(inputTokens * input + outputTokens * price.output);
}
