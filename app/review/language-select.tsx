import { languages } from "@redline/core/reviewers/schema";
import { Form } from "@remix-run/react";
import type { ReviewActionInput } from "./actions";

type LanguageSelectProps = {
  file: { path: string; language: string };
  onAction: (input: ReviewActionInput) => void;
};

/** Sets the language that the open file is reviewed as. */
export function LanguageSelect({ file, onAction }: LanguageSelectProps) {
  return (
    <Form method="post" className="review-language">
      <input type="hidden" name="intent" value="language" />
      <input type="hidden" name="path" value={file.path} />
      <select
        key={`${file.path} ${file.language}`}
        name="language"
        aria-label={`Language of ${file.path}`}
        defaultValue={file.language}
        onChange={(event) => onAction({ intent: "language", path: file.path, language: event.target.value })}
      >
        {languages.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <noscript>
        <button type="submit">Set</button>
      </noscript>
    </Form>
  );
}
