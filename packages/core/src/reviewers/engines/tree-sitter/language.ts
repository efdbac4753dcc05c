/** What the engine knows of a language: a file of this kind for each, beside its rules. */
import type { Node } from "web-tree-sitter";
import type { RuleEntry } from "../rule-docs";
import type { Opaque } from "./syntax-errors";

/** A match of a rule's query: its nodes by the names of their captures. */
export type Match = { nodes: Readonly<Record<string, Node>>; path: string };

/** A rule is one entry: what it is, where it comes from, and how it is found. */
export type QueryRule = RuleEntry & {
  /** The documentation of the linter that has this rule. */
  source: string;
  /** Patterns of tree-sitter. The finding is at the node captured as `@at`. */
  query: string;
  /** Returns whether a match is a finding, or the node that the finding is at. */
  when?: (match: Match) => Node | boolean | undefined;
};

export type GrammarLanguage = {
  /** Its id in `languages/registry.ts`. */
  id: string;
  /** The file of the grammar in its package. */
  wasm: string;
  /**
   * A query for the structure: `@function` and `@symbol` (each with a `@name` inside, where it has one), `@decision`
   * and `@comment`.
   */
  outline: string;
  /** How brackets are found in its text, to tell whether one is missing; absent where no error is told. */
  brackets?: Opaque;
  /** Lines that the grammar is known not to read though they are valid. */
  gaps?: RegExp;
  /** True where the grammar is known to refuse valid code: only missing brackets are told then. */
  refusesValid?: true;
  rules: readonly QueryRule[];
};
