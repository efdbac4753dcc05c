/** False positives: known idioms that rules of Ruff report, as seen in real code. */
import type { Syntax } from "../../syntax";
import type { RawFinding } from "../engine";

const tests: Record<string, (finding: RawFinding, text: string) => boolean> = {
  /** A bare name or attribute asks whether it exists, or runs a property. */
  "ruff/B018": ({ start, end }, text) => /^[\w.]+$/.test(text.slice(start, end)),
  /** Code that writes its globals by name has names that no rule can see. */
  "ruff/F821": (_, text) => /\bglobals\(\)|^\s*del \w+|\bexec\(/m.test(text),
  "ruff/F822": (_, text) => /\bglobals\(\)|__getattr__|import \*/.test(text),
};

export function isFalsePositive(finding: RawFinding, { text }: Syntax): boolean {
  return tests[finding.rule]?.(finding, text) ?? false;
}
