import type { EngineInfo } from "../engine";
import { biomeEndings, script } from "./languages";
import { accessibilityRules } from "./rules/accessibility";
import { correctnessRules } from "./rules/correctness";
import { dataRules } from "./rules/data";
import { securityRules } from "./rules/security";
import { simplicityRules } from "./rules/simplicity";
import { suspiciousRules } from "./rules/suspicious";

/** Biome's rules and grammars, and the early errors of JavaScript and TypeScript that Biome does not look for. */
export const biomeInfo = {
  id: "biome",
  vendor: { id: "biome", label: "Biome" },
  languages: [...biomeEndings.keys()],
  rules: [
    ...securityRules,
    ...correctnessRules,
    ...suspiciousRules,
    ...simplicityRules,
    ...accessibilityRules,
    ...dataRules,
  ],
  input: "source",
  earlyErrorLanguages: script,
} as const satisfies EngineInfo;
