import { describe, expect, it } from "vitest";
import { type CodeHtmlOptions, renderCodeHtml } from "./code-html";

const view = (part: Partial<CodeHtmlOptions>): string =>
  renderCodeHtml({
    ...{ text: "one\ntwo\nthree\n", spans: [], redlines: [], marks: [], threads: [] },
    ...{ firstLine: 1, lastLine: 4, lineOffset: 0 },
    hrefOf: (identity) => `?finding=${identity}`,
    threadHref: (id) => `?thread=${id}`,
    ...part,
  });

const rowsOf = (html: string): string[] => html.split('<div class="code-row"').slice(1);

describe("server-rendered code", () => {
  it("has a thread's mark at its first line, labeled with its text and linked to it", () => {
    const thread = { id: "thr_1", title: 'Why "two" & not 2?', from: 4, to: 13, line: 2, lastLine: 3 };
    const rows = rowsOf(view({ threads: [thread] }));
    expect(rows[1]).toContain('href="?thread=thr_1"');
    expect(rows[1]).toContain('aria-label="Thread: Why &quot;two&quot; &amp; not 2?"');
    expect(rows.filter((row) => row.includes("code-thread"))).toHaveLength(1);
  });

  it("tints the lines of the open composer, and no others", () => {
    const rows = rowsOf(view({ tinted: { first: 2, last: 3 } }));
    expect(rows.map((row) => row.includes("code-tinted"))).toEqual([false, true, true, false]);
  });
});
