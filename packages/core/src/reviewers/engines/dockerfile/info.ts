import type { EngineInfo } from "../engine";
import { describeRules } from "../rule-docs";
import { redline } from "../vendors";
import { dockerfileRules } from "./rules";

export const dockerfileInfo = {
  id: "dockerfile",
  vendor: redline,
  languages: ["dockerfile"],
  rules: describeRules(
    `${redline.id}/dockerfile`,
    ["dockerfile"],
    dockerfileRules.map(({ find: _, ...entry }) => entry),
  ),
  input: "source",
} as const satisfies EngineInfo;
