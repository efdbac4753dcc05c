import type { EngineInfo } from "../engine";
import { redline } from "../vendors";
import { textRules } from "./rules";

export const textRulesInfo = {
  id: "text-rules",
  vendor: redline,
  languages: ["*"],
  rules: textRules,
  input: "text",
  finds: "secrets, merge markers and hidden characters",
} as const satisfies EngineInfo;
