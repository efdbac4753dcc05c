import type { EngineInfo } from "../engine";
import { actionlintRules } from "./rules";

export const actionlintInfo = {
  id: "actionlint",
  vendor: { id: "actionlint", label: "actionlint" },
  languages: ["workflow"],
  rules: actionlintRules,
  input: "source",
} as const satisfies EngineInfo;
