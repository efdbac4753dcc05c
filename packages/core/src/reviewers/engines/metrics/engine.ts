/** Measures files, and names functions with too many paths. */
import { findDuplication } from "../../duplication";
import type { Metrics } from "../../schema";
import type { Outline } from "../../syntax";
import type { Engine, EngineInput, RawFinding } from "../engine";
import { metricsInfo } from "./info";
import { complexityLimit } from "./rules";

export const createMetrics = (): Engine => ({
  ...metricsInfo,
  async prepare() {},
  check: ({ outline }) => ({ findings: outline ? findComplexFunctions(outline) : [] }),
  measure,
});

function findComplexFunctions(outline: Outline): RawFinding[] {
  return outline
    .functions()
    .filter(({ complexity }) => complexity > complexityLimit)
    .map(({ name, start, end, complexity }) => ({
      rule: "redline/complex-function",
      start,
      end,
      title: `${name ? `\`${name}\`` : "This function"} has ${complexity} paths through it`,
    }));
}

function measure({ path, text, outline }: EngineInput): Metrics {
  const comments = outline?.comments() ?? [];
  const functions = outline?.functions() ?? [];
  const complexities = functions.map(({ complexity }) => complexity);
  const total = complexities.reduce((sum, complexity) => sum + complexity, 0);
  return {
    lines: text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0),
    codeLines: countCodeLines(text, comments),
    functions: functions.length,
    complexityMax: complexities.reduce((max, complexity) => Math.max(max, complexity), 0),
    complexityMean: functions.length > 0 ? Math.round((total / functions.length) * 10) / 10 : 0,
    duplicatedLines: findDuplication([{ path, text }]).duplicatedLines[path] ?? 0,
  };
}

function countCodeLines(text: string, comments: readonly { from: number; to: number }[]): number {
  let code = "";
  let at = 0;
  for (const { from, to } of comments) {
    code += text.slice(at, from) + text.slice(from, to).replace(/[^\n]+/g, "");
    at = to;
  }
  return (code + text.slice(at)).split("\n").filter((line) => line.trim() !== "").length;
}
