import type { Engine } from "../engine";
import { findHiddenCharacters } from "./hidden-characters";
import { textRulesInfo } from "./info";
import { findMergeMarkers } from "./merge-markers";
import { findSecrets } from "./secrets";

export const createTextRules = (): Engine => ({
  ...textRulesInfo,
  async prepare() {},
  check: (input) => ({
    findings: [
      ...findSecrets(input.text, input),
      ...findMergeMarkers(input.text, input),
      ...findHiddenCharacters(input.text, input),
    ],
  }),
});
