import type { EngineInfo } from "../engine";
import { redline } from "../vendors";
import { metricsRules } from "./rules";

export const metricsInfo = {
  id: "metrics",
  vendor: redline,
  languages: ["*"],
  rules: metricsRules,
  input: "valid-source",
} as const satisfies EngineInfo;
