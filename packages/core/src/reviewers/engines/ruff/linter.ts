/** Ruff as WebAssembly. Synchronous; runs in the worker only. */
import { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { trimEdit } from "../../edits";
import { lineStarts } from "../../positions";
import type { RuleDoc } from "../../schema";
import { type EngineResult, type ParseError, type RawFinding, titleCase } from "../engine";

/** Python's early errors for which Ruff has a rule in place of a syntax error. */
const earlyErrors: ReadonlySet<string> = new Set([
  ...["F404", "F406", "F407", "F622", "F701", "F702", "F704", "F706", "F707"],
  ...["PLE0117", "PLE0118"],
]);

/** Calls in defaults that frameworks read when the function is defined. */
const frameworkDefaults = [
  ...["Body", "Cookie", "Depends", "File", "Form", "Header", "Path", "Query", "Security"].map(
    (name) => `fastapi.${name}`,
  ),
  ...["typer.Argument", "typer.Option", "dagster.Field", "discord.app_commands.Param"],
];

export class RuffLinter {
  private readonly workspace: Workspace;
  private readonly rules: Map<string, RuleDoc>;

  constructor(rules: readonly RuleDoc[]) {
    this.rules = new Map(rules.map((rule) => [rule.id, rule]));
    const select = [...[...this.rules.keys()].map((id) => id.replace("ruff/", "")), ...earlyErrors];
    const lint = { select, "flake8-bugbear": { "extend-immutable-calls": frameworkDefaults } };
    this.workspace = new Workspace({ "target-version": "py314", preview: false, lint }, PositionEncoding.Utf16);
  }

  check(text: string): EngineResult {
    const starts = lineStarts(text, { loneCarriageReturn: true });
    const offset = ({ row, column }: { row: number; column: number }) =>
      Math.min((starts[row - 1] ?? text.length) + column - 1, text.length);
    const result = { findings: [] as RawFinding[], parseErrors: [] as ParseError[], earlyErrors: [] as ParseError[] };
    for (const diagnostic of this.workspace.check(text) as Diagnostic[]) {
      const place = { start: offset(diagnostic.start_location), end: offset(diagnostic.end_location) };
      const title = titleCase(diagnostic.message);
      const rule = this.rules.get(`ruff/${diagnostic.code}`);
      if (diagnostic.code === null || diagnostic.code === "invalid-syntax") {
        result.parseErrors.push({ message: title, ...place });
      } else if (earlyErrors.has(diagnostic.code)) {
        result.earlyErrors.push({ message: title, ...place });
      } else if (rule) {
        result.findings.push({ rule: rule.id, ...place, title, fix: toRuffFix(diagnostic, rule, text, offset) });
      }
    }
    return result;
  }
}

function toRuffFix(
  { fix }: Diagnostic,
  { safety }: RuleDoc,
  text: string,
  offset: (place: { row: number; column: number }) => number,
): RawFinding["fix"] {
  if (!fix || !safety) return undefined;
  const edits = fix.edits
    .map((edit) => ({ start: offset(edit.location), end: offset(edit.end_location), text: edit.content ?? "" }))
    .map((edit) => trimEdit(text, edit))
    .filter((edit) => edit.start < edit.end || edit.text !== "")
    .sort((a, b) => a.start - b.start);
  return edits.length > 0 ? { summary: titleCase(fix.message ?? "Apply the fix"), safety, edits } : undefined;
}
