/**
 * The built-in reviewer's report on a file. Plain data: browser code may import this module. Offsets are UTF-16 code
 * units into the file's text as stored (a BOM counts as one); lines are 1-based and inclusive.
 */
import * as v from "valibot";

export { detectLanguage } from "./languages/detection";
export { languageById, languageLabel, languages, requireLanguage } from "./languages/registry";

export const severities = ["critical", "major", "minor", "nit"] as const;
export const confidences = ["high", "medium", "low"] as const;
export const safeties = ["safe", "unsafe"] as const;
export const coverageStates = ["covered", "partly", "skipped"] as const;

export const SeveritySchema = v.picklist(severities);
export const ConfidenceSchema = v.picklist(confidences);
export const SafetySchema = v.picklist(safeties);

const OffsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const LineSchema = v.pipe(v.number(), v.integer(), v.minValue(1));

export const FixEditSchema = v.object({ start: OffsetSchema, end: OffsetSchema, text: v.string() });

/** A candidate until `Reviewer.prove` has shown that it applies, parses and adds no finding. */
export const FixSchema = v.object({ summary: v.string(), safety: SafetySchema, edits: v.array(FixEditSchema) });

export const ProblemSchema = v.object({
  /** Short hash of rule, path, enclosing symbol, normalised code and ordinal among equals; never a line number. */
  identity: v.string(),
  /** `biome/suspicious/noDoubleEquals`, `ruff/F401`, `redline/secret`: an id of the rule catalogue. */
  rule: v.string(),
  severity: SeveritySchema,
  confidence: ConfidenceSchema,
  path: v.string(),
  start: OffsetSchema,
  end: OffsetSchema,
  startLine: LineSchema,
  endLine: LineSchema,
  /** Path of the enclosing symbol (`Cart.total`), or "" at the top of the file. */
  symbol: v.string(),
  /** The problem at this place, in one line. */
  title: v.string(),
  /** The general problem and why it matters, from the rule catalogue; plain text. */
  explanation: v.string(),
  fix: v.optional(FixSchema),
});

/** `partly` and `skipped` always say why. `isFailed`: an engine broke on the file, or took too long for it. */
export const CoverageSchema = v.object({
  path: v.string(),
  state: v.picklist(coverageStates),
  reason: v.optional(v.string()),
  isFailed: v.optional(v.literal(true)),
});

export const MetricsSchema = v.object({
  lines: v.number(),
  /** Lines that hold more than blanks and comments. */
  codeLines: v.number(),
  functions: v.number(),
  /** Cyclomatic complexity: 1 + decisions, of the worst function and on average; 0 where there is no function. */
  complexityMax: v.number(),
  complexityMean: v.number(),
  /** Lines that repeat an earlier block of the same file. */
  duplicatedLines: v.number(),
});

export const FileReportSchema = v.object({
  path: v.string(),
  coverage: CoverageSchema,
  problems: v.array(ProblemSchema),
  metrics: MetricsSchema,
});

export type Severity = v.InferOutput<typeof SeveritySchema>;
export type Confidence = v.InferOutput<typeof ConfidenceSchema>;
export type Safety = v.InferOutput<typeof SafetySchema>;
export type Fix = v.InferOutput<typeof FixSchema>;
export type Problem = v.InferOutput<typeof ProblemSchema>;
export type Coverage = v.InferOutput<typeof CoverageSchema>;
export type Metrics = v.InferOutput<typeof MetricsSchema>;
export type FileReport = v.InferOutput<typeof FileReportSchema>;

/** A file under review; `language` is an id of `languages/registry.ts`. */
export type SourceFile = { path: string; text: string; language: string };

/** A clean merge of two texts of a file. */
export type MergedFile = { path: string; language: string; mine: string; theirs: string; text: string };

export type ProofResult = {
  /** Identities whose fix applies, parses and adds no finding. */
  proven: string[];
  rejected: { identity: string; reason: string }[];
};

export type ComposeResult = {
  text: string;
  /** Ids of the edits in `text`, in the order given. */
  kept: string[];
  skipped: { id: string; reason: string }[];
};

export type Evidence = {
  parses: boolean;
  parseError?: string;
  added: Problem[];
  removed: Problem[];
  /** Why nothing could be checked (too large, took too long); then `parses` is true for want of proof and the lists are empty. */
  notChecked?: string;
};

/** The place of a range of code: the enclosing symbol's path, and the code without its white space. */
export type CodePlace = { symbol: string; context: string };

/** A block of code that occurs more than once. */
export type DuplicateBlock = { lines: number; places: { path: string; startLine: number; endLine: number }[] };

export type DuplicationReport = {
  /** Largest first. */
  blocks: DuplicateBlock[];
  /** Lines of each file that lie in any duplicate block. */
  duplicatedLines: Record<string, number>;
};

/** A rule as the rules page shows it and its tests run it. */
export type RuleDoc = {
  /** Begins with the id of its vendor: `biome/…`. */
  id: string;
  /** Ids of `languages/registry.ts` the rule runs on; ["*"] is any text. */
  languages: string[];
  severity: Severity;
  confidence: Confidence;
  title: string;
  why: string;
  /** Address of the documentation of a linter that has the same rule. */
  source?: string;
  /** Triggers exactly this rule. */
  bad: string;
  /** Triggers nothing. */
  good: string;
  /** The safety of its fix; absent where the rule offers none. */
  safety?: Safety;
};

/**
 * The classes of highlighted code that look different from plain text, as `classHighlighter` of @lezer/highlight names them
 * without their `tok-` prefix. The others (names, operators, punctuation) would be most of a page's markup.
 * A highlight's third number is a set of them: bit n stands for `highlightClasses[n]`.
 */
export const highlightClasses = [
  "link",
  "heading",
  "emphasis",
  "strong",
  "keyword",
  "atom",
  "bool",
  "url",
  "labelName",
  "inserted",
  "deleted",
  "literal",
  "string",
  "number",
  "string2",
  "definition",
  "typeName",
  "namespace",
  "className",
  "macroName",
  "comment",
  "meta",
  "invalid",
] as const;

const bits = new Map<string, number>(highlightClasses.map((name, bit) => [`tok-${name}`, 1 << bit]));

/** The set of classes in a `class` attribute. */
export const highlightClassSet = (className: string): number =>
  className.split(" ").reduce((set, name) => set | (bits.get(name) ?? 0), 0);

/** The `class` attribute (`tok-typeName tok-definition`) for the third number of a highlight. */
export function highlightClassName(classes: number): string {
  return highlightClasses
    .filter((_, bit) => classes & (1 << bit))
    .map((name) => `tok-${name}`)
    .join(" ");
}
