/** Biome as WebAssembly. Synchronous; runs in the worker only. */
import { type TextEdit as BiomeEdit, type Diagnostic, main, Workspace } from "@biomejs/wasm-nodejs";
import { LIMITS } from "../../../limits";
import type { TextEdit } from "../../../text/index";
import { joinEdits, trimEdit } from "../../edits";
import { unitsFromBytes } from "../../positions";
import type { RuleDoc, Safety } from "../../schema";
import { type EngineResult, type ParseError, type RawFinding, titleCase } from "../engine";
import { maskBlocks } from "./custom-properties";
import { biomeEndings } from "./languages";
import { toMarkedText } from "./markup";

/** Endings that change how Biome reads a file of the language. */
const meaningfulEndings = new Map<string, RegExp>(
  Object.entries({
    typescript: /\.(?:d\.[mc]?ts|[mc]ts)$/,
    javascript: /\.[mc]js$/,
  }),
);

/** Building a fix costs Biome time in proportion to the whole file: at most this many fixes × characters. */
const fixBudget = 60_000_000;

/** Up to this size even the most findings a text can hold fit the budget, so one pass does both. */
const onePassChars = 40_000;

/**
 * Closing a file gives nothing back: some 30 times its text stays with the workspace for each time it was opened. Freeing
 * the workspace does, so after this many characters a new one takes its place.
 */
const workspaceChars = 500_000;

type Lint = Pick<EngineResult, "findings" | "unread"> & { parseErrors: ParseError[] };

export class BiomeLinter {
  private workspace: Workspace;
  private projectKey = 0;
  private charsOpened = 0;
  private readonly rules: Map<string, RuleDoc>;

  constructor(rules: readonly RuleDoc[]) {
    this.rules = new Map(rules.map((rule) => [rule.id, rule]));
    main();
    this.workspace = this.openWorkspace();
  }

  private openWorkspace(): Workspace {
    const workspace = new Workspace();
    const { projectKey } = workspace.openProject({ path: "/r", openUninitialized: true });
    workspace.updateSettings({
      projectKey,
      workspaceDirectory: "/r",
      configuration: {
        formatter: { enabled: false },
        assist: { enabled: false },
        javascript: { parser: { unsafeParameterDecoratorsEnabled: true } },
        css: { parser: { tailwindDirectives: true, cssModules: true } },
        linter: { enabled: true, rules: { recommended: false, ...this.ruleSettings() } },
      },
    });
    this.projectKey = projectKey;
    this.charsOpened = 0;
    return workspace;
  }

  private renewWorkspace(): void {
    this.workspace.free();
    this.workspace = this.openWorkspace();
  }

  /** A file is read again as its likely dialect before it is called broken: a `.js` file as a script in sloppy mode. */
  check(path: string, text: string, language: string, withFixes: boolean): Lint {
    const ending = meaningfulEndings.get(language)?.exec(path)?.[0] ?? `.${biomeEndings.get(language)}`;
    const source = language === "css" ? maskBlocks(text) : text;
    const result = this.lint(`/r/file${ending}`, source, withFixes);
    const [first] = result.parseErrors;
    if (!first) return result;
    if (language === "json" && this.lint("/r/file.jsonc", text, false).parseErrors.length === 0) {
      return { findings: [], parseErrors: [], unread: { ...first, dialect: "JSON with comments" } };
    }
    if (language !== "javascript" || ending !== ".js") return result;
    const asScript = this.lint("/r/file.cjs", text, withFixes);
    return asScript.parseErrors.length === 0 ? asScript : result;
  }

  private lint(path: string, text: string, withFixes: boolean): Lint {
    if (this.charsOpened > workspaceChars) this.renewWorkspace();
    this.charsOpened += text.length;
    const { projectKey } = this;
    this.workspace.openFile({ projectKey, path, content: { type: "fromClient", content: text, version: 0 } });
    try {
      if (!withFixes || text.length <= onePassChars) return this.read(this.pull(path, withFixes), text);
      const diagnostics = this.pull(path, false);
      const fixable = diagnostics.filter(({ category }) => this.rules.get(ruleId(category))?.safety);
      const chosen = this.rulesToFix(fixable, text.length);
      return this.read(chosen.length > 0 ? this.withFixesOf(chosen, path, diagnostics) : diagnostics, text);
    } finally {
      this.workspace.closeFile({ projectKey, path });
    }
  }

  private pull(path: string, withFixes: boolean, only?: readonly string[]): Diagnostic[] {
    return this.workspace.pullDiagnostics({
      projectKey: this.projectKey,
      path,
      categories: ["syntax", "lint"],
      includeCodeFix: withFixes,
      pullCodeActions: false,
      maxDiagnostics: 1_000_000,
      ...(only ? { only: only.map((rule) => rule.replace(/^biome\//, "")) } : {}),
    } as Parameters<Workspace["pullDiagnostics"]>[0]).diagnostics;
  }

  /** The rules whose fixes fit the budget, worst first. */
  private rulesToFix(fixable: readonly Diagnostic[], length: number): string[] {
    const counts = new Map<string, number>();
    for (const { category } of fixable) counts.set(ruleId(category), (counts.get(ruleId(category)) ?? 0) + 1);
    const order = ["critical", "major", "minor", "nit"];
    const rank = (rule: string) => order.indexOf(this.rules.get(rule)?.severity ?? "nit");
    let left = Math.min(fixBudget / Math.max(1, length), LIMITS.review.maxFixesPerFile * 2);
    const chosen: string[] = [];
    for (const [rule, count] of [...counts].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
      if (count > left) continue;
      left -= count;
      chosen.push(rule);
    }
    return chosen;
  }

  /** The diagnostics with those of the chosen rules replaced by themselves with their fixes. */
  private withFixesOf(rules: readonly string[], path: string, diagnostics: Diagnostic[]): Diagnostic[] {
    const isChosen = ({ category }: Diagnostic) => rules.includes(ruleId(category));
    const fixed = this.pull(path, true, rules).filter(isChosen);
    return [...diagnostics.filter((diagnostic) => !isChosen(diagnostic)), ...fixed];
  }

  private read(diagnostics: readonly Diagnostic[], text: string): Lint {
    const toUnit = unitsFromBytes(text);
    const parseErrors: ParseError[] = [];
    const findings: RawFinding[] = [];
    let bytes: Buffer | undefined;
    for (const diagnostic of diagnostics) {
      const [from, to] = diagnostic.location.span ?? [0, 0];
      const place = { start: toUnit(from), end: toUnit(to) };
      const category = diagnostic.category ?? "";
      if (category.startsWith("parse") || category.startsWith("syntax")) {
        if (diagnostic.severity === "error" || diagnostic.severity === "fatal") {
          parseErrors.push({ message: titleCase(diagnostic.description), ...place });
        }
        continue;
      }
      const rule = this.rules.get(ruleId(category));
      if (!rule) continue;
      bytes ??= Buffer.from(text);
      const fix = rule.safety ? toBiomeFix(diagnostic, rule.safety, text, bytes, toUnit) : undefined;
      findings.push({ rule: rule.id, ...place, title: titleCase(toMarkedText(diagnostic.message)), fix });
    }
    return { findings, parseErrors };
  }

  private ruleSettings(): Record<string, Record<string, unknown>> {
    const groups: Record<string, Record<string, unknown>> = {};
    for (const id of this.rules.keys()) {
      const [, group = "", name = ""] = id.split("/");
      groups[group] ??= {};
      groups[group][name] = ruleOptions[name] ? { level: "error", options: ruleOptions[name] } : "error";
    }
    return groups;
  }
}

/** Options for rules whose defaults would report code that is fine. */
const ruleOptions: Record<string, Record<string, unknown>> = {
  noDoubleEquals: { ignoreNull: true },
  useValidAnchor: {},
};

function ruleId(category: string | undefined): string {
  return (category ?? "").replace(/^lint\//, "biome/");
}

/** The first fix that a diagnostic carries: a log line that says how safe it is, followed by the edit. */
function toBiomeFix(
  diagnostic: Diagnostic,
  trusted: Safety,
  text: string,
  bytes: Buffer,
  toUnit: (byte: number) => number,
): RawFinding["fix"] {
  let announced: { safety: Safety; summary: string } | undefined;
  for (const advice of diagnostic.advices.advices) {
    if ("log" in advice) {
      const message = toMarkedText(advice.log[1]);
      const [, kind, summary = ""] = /^(Safe|Unsafe) fix:\s*([\s\S]*)$/.exec(message) ?? [];
      if (kind) announced = { safety: kind === "Safe" ? trusted : "unsafe", summary: titleCase(summary) };
      continue;
    }
    const edit = "codeSuggestion" in advice ? advice.codeSuggestion[1] : "diff" in advice ? advice.diff : undefined;
    if (!edit || !announced) continue;
    const edits = readEdit(edit, text, bytes, toUnit);
    return edits ? { ...announced, edits } : undefined;
  }
  return undefined;
}

/**
 * Biome's edit as ours, or nothing where it doesn't describe this text. Its operations index a dictionary of text in
 * bytes and walk the old text from its start; long unchanged runs are counted in line breaks.
 */
function readEdit(
  edit: BiomeEdit,
  text: string,
  bytes: Buffer,
  toUnit: (byte: number) => number,
): TextEdit[] | undefined {
  const dictionary = Buffer.from(edit.dictionary);
  const edits: TextEdit[] = [];
  let at = 0;
  for (const op of edit.ops) {
    if ("equalLines" in op) {
      for (let breaks = op.equalLines.line_count + 1; breaks > 0; breaks--) {
        const next = bytes.indexOf(10, at);
        if (next < 0) return undefined;
        at = next + 1;
      }
      continue;
    }
    const [[kind, { range }]] = Object.entries(op.diffOp) as [[string, { range: [number, number] }]];
    const part = dictionary.subarray(range[0], range[1]);
    if (kind === "insert") {
      edits.push({ start: toUnit(at), end: toUnit(at), text: part.toString() });
      continue;
    }
    if (!bytes.subarray(at, at + part.length).equals(part)) return undefined;
    if (kind === "delete") edits.push({ start: toUnit(at), end: toUnit(at + part.length), text: "" });
    at += part.length;
  }
  if (at !== bytes.length || edits.length === 0) return undefined;
  return joinEdits(text, edits, 2).map((each) => trimEdit(text, each));
}
