import { languages } from "@redline/core/reviewers/languages";

/** Every language as an option of a select. */
export function LanguageOptions() {
  return languages.map(({ id, label }) => (
    <option key={id} value={id}>
      {label}
    </option>
  ));
}
