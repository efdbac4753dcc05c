/** The interface of an engine: what finds problems in files of some languages. An engine is a folder beside this file. */
import type { Fix, Metrics, RuleDoc, Severity, SourceFile } from "../schema";
import type { Outline, Syntax } from "../syntax";

/** An engine's description, available without loading it. Plain data: the server reads it, too. */
export type EngineInfo = {
  id: string;
  /** The rules' vendor: the first part of their ids, and its name for people. */
  vendor: { id: string; label: string };
  /** Ids of the languages that it reads; ["*"] is any text. */
  languages: readonly string[];
  rules: readonly RuleDoc[];
  /**
   * - `text`: any text, whatever it is.
   * - `source`: code of its languages that a person wrote. Its errors tell whether the code parses, and a file that it
   *   read counts as covered.
   * - `valid-source`: code in which no `source` engine found a parse error.
   */
  input: "text" | "source" | "valid-source";
  /** Describes a `text` engine's findings: "secrets and merge markers". Files that no other engine reads show it. */
  finds?: string;
  /** Its languages in which it finds what is refused before it runs although the grammar allows it. */
  earlyErrorLanguages?: readonly string[];
};

/** A file as engines are given it: without a byte order mark, with its tree where Redline knows the language's structure. */
export type EngineInput = SourceFile & {
  syntax: Syntax | undefined;
  /** Its structure: that of the tree, or what an engine with a grammar of its own told of it. */
  outline: Outline | undefined;
  /** Without it findings need no fix, which saves time. */
  withFixes: boolean;
};

export interface Engine extends EngineInfo {
  /** Loads what the language needs. Awaited before each file and before its deadline begins to run. */
  prepare(language: string): Promise<void>;
  /**
   * Returns the problems of a file. Synchronous: the worker is ended when it takes too long, and so it is when it throws.
   * A fix is a candidate: it is offered once it is verified to apply, to parse and to add no finding.
   */
  check(input: EngineInput): EngineResult;
  /** Returns the structure of a text in one of its languages, where the engine has the language's grammar. */
  outline?(text: string, language: string): Outline | undefined;
  /** Returns measures of a file, those that the engine knows. */
  measure?(input: EngineInput): Partial<Metrics>;
}

/** A finding as an engine reports it, before it is placed, named and explained. Offsets are UTF-16 code units. */
export type RawFinding = {
  rule: string;
  start: number;
  end: number;
  title: string;
  /** Less than the rule's where this place is less bad; by default the rule's. */
  severity?: Severity;
  fix?: Fix;
};

export type ParseError = { message: string; start: number; end: number };

/**
 * `parseErrors` are of the grammar; `earlyErrors` are what is refused before it runs although the grammar allows it.
 * `unread` is valid code that the engine does not know, so it found nothing in the file: a syntax newer than the engine, or
 * with `dialect` a language of its own, such as Python 2.
 */
export type EngineResult = {
  findings: RawFinding[];
  parseErrors?: ParseError[];
  earlyErrors?: ParseError[];
  unread?: ParseError & { dialect?: string };
};

/** Returns one line without the final full stop, as titles are written. */
export function titleCase(message: string): string {
  const line = (message.split("\n")[0] ?? "").replace(/\s+/g, " ").trim();
  const bare = line.endsWith("...") ? line : line.replace(/\.$/, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** Returns whether a line that does not parse holds what a template engine fills in. */
export function templateIn(text: string, { start, end }: ParseError): boolean {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end);
  return /\{\{.*\}\}|\{[%#].*[%#]\}|<%.*%>/.test(text.slice(from, to < 0 ? text.length : to));
}
