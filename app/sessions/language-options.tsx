import { languages } from "@redline/core/reviewers/schema";

/** Every language as an option of a select. */
export function LanguageOptions() {
  return languages.map(({ id, label }) => (
    <option key={id} value={id}>
      {label}
    </option>
  ));
}
