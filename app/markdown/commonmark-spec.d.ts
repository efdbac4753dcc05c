declare module "commonmark-spec" {
  /** The examples of the specification: a text and the HTML it is. Tabs are written as "→" in both. */
  export const tests: { markdown: string; html: string; section: string; number }[];
}
