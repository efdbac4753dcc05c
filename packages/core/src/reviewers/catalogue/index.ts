/** Every rule that the built-in reviewer applies. A rule that is not here is not enabled. */
import type { RuleDoc } from "../schema";
import { accessibilityRules } from "./accessibility";
import { correctnessRules } from "./correctness";
import { dataRules } from "./data";
import { pythonDefectRules } from "./python-defects";
import { pythonSecurityRules } from "./python-security";
import { pythonStyleRules } from "./python-style";
import { redlineRules } from "./redline";
import { securityRules } from "./security";
import { simplicityRules } from "./simplicity";
import { suspiciousRules } from "./suspicious";

export { complexityLimit } from "./redline";

export const RULES: readonly RuleDoc[] = [
  ...redlineRules,
  ...securityRules,
  ...correctnessRules,
  ...suspiciousRules,
  ...simplicityRules,
  ...accessibilityRules,
  ...dataRules,
  ...pythonDefectRules,
  ...pythonSecurityRules,
  ...pythonStyleRules,
];

export const ruleById: ReadonlyMap<string, RuleDoc> = new Map(RULES.map((rule) => [rule.id, rule]));
