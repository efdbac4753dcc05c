import type { Engine } from "../engine";
import { textRulesInfo } from "./info";
import { findMergeMarkers } from "./merge-markers";
import { findSecrets } from "./secrets";

export const createTextRules = (): Engine => ({
  ...textRulesInfo,
  async prepare() {},
  check: ({ text }) => ({ findings: [...findSecrets(text), ...findMergeMarkers(text)] }),
});
