import type { EngineInfo } from "../engine";
import { pythonDefectRules } from "./rules/defects";
import { pythonSecurityRules } from "./rules/security";
import { pythonStyleRules } from "./rules/style";

export const ruffInfo = {
  id: "ruff",
  vendor: { id: "ruff", label: "Ruff" },
  languages: ["python"],
  rules: [...pythonDefectRules, ...pythonSecurityRules, ...pythonStyleRules],
  input: "source",
  earlyErrorLanguages: ["python"],
} as const satisfies EngineInfo;
