/** The id of the element that tells assistive technology how the keyboard leaves the editor. */
export const EDITOR_KEYS_ID = "editor-keys";

/** Editor shortcuts for the list of shortcuts. */
export const EDITOR_KEYS = [
  { label: "Move focus to the findings", keys: "Escape" },
  { label: "Make Tab move focus instead of indenting", keys: "ctrl+m" },
  { label: "Find in this file", keys: "mod+f" },
] as const;
