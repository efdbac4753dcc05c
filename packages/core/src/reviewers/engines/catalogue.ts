/** Every rule that the built-in reviewer applies. A rule that is not here is not enabled. */
import type { RuleDoc } from "../schema";
import { codeErrorRules } from "./code-error-rules";
import { engines } from "./registry";

export const RULES: readonly RuleDoc[] = [...engines.flatMap(({ rules }) => rules), ...codeErrorRules(engines)];

export const ruleById: ReadonlyMap<string, RuleDoc> = new Map(RULES.map((rule) => [rule.id, rule]));

/** The vendors of the rules, in the order of their engines, each once. */
export const RULE_VENDORS = [...new Map(engines.map(({ vendor }) => [vendor.id, vendor])).values()];
