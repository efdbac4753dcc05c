/** Finds secrets in any text. */
import { isTest } from "../../file-kinds";
import type { RawFinding } from "../engine";
import { inAssignments } from "./assignments";
import { type Credential, inAddresses, inHeadersAndCommands } from "./credentials";
import { secretFormats } from "./secret-formats";
import { isExampleOfFormat } from "./values";

/** Characters around a value that may say whose it is. */
const aroundChars = 400;

const severities = { secret: "critical", possible: "major", harmless: "nit" } as const;

export function findSecrets(text: string, { path = "", language = "text" } = {}): RawFinding[] {
  const isLenient = isTest(path) || isDocument(path, language);
  const named = [...inKnownFormats(text), ...inAddresses(text, isLenient), ...inHeadersAndCommands(text, isLenient)];
  const found = withoutOverlaps(named).map(({ name, weight, start, end }): RawFinding => {
    const rule = weight === "possible" ? "redline/possible-secret" : "redline/secret";
    return { rule, start, end, title: `${name} in the code`, severity: severities[weight] };
  });
  const free = ({ start, end }: { start: number; end: number }) =>
    !found.some((other) => start < other.end && other.start < end);
  for (const place of inAssignments(text, language).filter(free)) {
    const title = "A value that looks like a secret is written in the code";
    found.push({ rule: "redline/possible-secret", ...place, title, ...(isLenient && { severity: "nit" }) });
  }
  return found;
}

/** Documents show what credentials look like. */
const isDocument = (path: string, language: string): boolean =>
  language === "markdown" || language === "diff" || /(?:^|\/)docs?\/|\.(?:rst|adoc|mdx?|txt)$/i.test(path);

function inKnownFormats(text: string): Credential[] {
  return secretFormats.flatMap(({ name, hint, pattern, accept, isMinor }) => {
    if (typeof hint === "string" ? !text.includes(hint) : !hint.test(text)) return [];
    return [...text.matchAll(pattern)].flatMap(({ 0: whole, 1: value = "", index }): Credential[] => {
      const around = text.slice(Math.max(0, index - aroundChars), index + aroundChars);
      if ((!value.startsWith("-----") && isExampleOfFormat(value)) || accept?.(value, around) === false) return [];
      const start = index + whole.lastIndexOf(value);
      const weight = isMinor ? "harmless" : "secret";
      return [{ start, end: start + value.length, name: name.charAt(0).toUpperCase() + name.slice(1), weight }];
    });
  });
}

/** One finding for each value, whichever kinds it matches: the first. */
function withoutOverlaps(found: readonly Credential[]): Credential[] {
  const kept: Credential[] = [];
  for (const each of found) {
    if (!kept.some((other) => each.start < other.end && other.start < each.end)) kept.push(each);
  }
  return kept;
}
