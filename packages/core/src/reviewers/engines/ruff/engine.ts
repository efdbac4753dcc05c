import { type Engine, type ParseError, type RawFinding, templateIn } from "../engine";
import { isFalsePositive } from "./false-positives";
import { ruffInfo } from "./info";
import type { RuffLinter } from "./linter";

/** Loads Ruff when the first file of Python comes. */
export function createRuff(): Engine {
  let linter: Promise<RuffLinter> | undefined;
  let loaded: RuffLinter | undefined;
  return {
    ...ruffInfo,
    async prepare() {
      linter ??= import("./linter").then(({ RuffLinter }) => new RuffLinter(ruffInfo.rules));
      loaded = await linter;
    },
    check({ path, text }) {
      if (!loaded) throw new Error("Ruff was not prepared.");
      const found = loaded.check(text);
      const [first] = found.parseErrors ?? [];
      const dialect = first && dialectAt(text, first);
      if (dialect) return { findings: [], unread: { ...first, dialect } };
      const isPlain = (finding: RawFinding) => !isFalsePositive(finding, { path, text });
      return { ...found, findings: found.findings.filter(isPlain) };
    },
  };
}

/** Statements that Python 2 has and Python 3 refuses. */
const pythonTwo =
  /^\s*(?:print|exec)\s+[^\s(=.]|^\s*print\s*>>|^\s*except\s+[\w.]+\s*,\s*\w+\s*:|^\s*raise\s+[\w.]+\s*,|<>|`|\b0[0-7]+\b|\bur["']/;

/** The dialect that a line which does not parse is written in. */
function dialectAt(text: string, error: ParseError): string | undefined {
  if (templateIn(text, error)) return "a template";
  const from = text.lastIndexOf("\n", error.start - 1) + 1;
  const to = text.indexOf("\n", error.start);
  return pythonTwo.test(text.slice(from, to < 0 ? text.length : to)) ? "Python 2" : undefined;
}
