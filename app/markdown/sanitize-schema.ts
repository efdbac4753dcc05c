import type rehypeSanitize from "rehype-sanitize";

type Schema = NonNullable<Parameters<typeof rehypeSanitize>[0]>;

/**
 * The allowlist of Markdown's HTML: whatever a plugin or a bug lets through ends here. Images are links by then. No
 * element carries `style`, and `id` only where footnotes refer to each other.
 */
export const SANITIZE_SCHEMA: Schema = {
  strip: ["script", "style"],
  clobber: [],
  protocols: { href: ["http", "https", "mailto"] },
  tagNames: [
    ..."p h1 h2 h3 h4 h5 h6 blockquote ul ol li pre code em strong del a br hr".split(" "),
    ..."table thead tbody tr th td input sup section".split(" "),
  ],
  ancestors: { tbody: ["table"], td: ["table"], th: ["table"], thead: ["table"], tr: ["table"] },
  attributes: {
    a: ["href", "id", "title", "dataFootnoteRef", ["className", "markdown-image"]],
    code: [["className", /^language-./]],
    h2: [["className", "sr-only"]],
    input: ["checked", ["disabled", true], ["type", "checkbox"]],
    li: ["id", ["className", "task-list-item"]],
    ol: ["start", ["className", "contains-task-list"]],
    section: ["dataFootnotes", ["className", "footnotes"]],
    td: ["align"],
    th: ["align"],
    ul: [["className", "contains-task-list"]],
  },
  required: { input: { disabled: true, type: "checkbox" } },
};
