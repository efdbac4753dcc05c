import { tests as examples } from "commonmark-spec";
import fc from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { splitBlocks } from "./blocks";
import { linkTarget } from "./link-target";
import Rendered, { MarkdownBlock } from "./rendered";

const drawn = (text: string) => plain(renderToStaticMarkup(<Rendered text={text} />));
const drawnWhole = (text: string) =>
  plain(
    `<div class="markdown">${renderToStaticMarkup(<MarkdownBlock kind="markdown" text={text} id="" isOpen={false} />)}</div>`,
  );

/** Strips Redline's additions from rendered HTML: host names, icons, scroll containers, lowered headings. */
function plain(html: string): string {
  return tidy(
    html
      .replace(/^<div class="markdown"[^>]*>|<\/div>$/g, "")
      .replace(/<svg.*?<\/svg>/g, "")
      .replace(/<span class="markdown-host">.*?<\/span>/g, "")
      .replace(/<div class="markdown-code">(<pre).*?>(<code.*?<\/code><\/pre>)<\/div>/gs, "$1>$2")
      .replace(/<(h)[456] class="markdown-h(\d)">(.*?)<\/h[456]>/gs, "<$1$2>$3</$1$2>")
      .replace(/ (?:rel|target|class)="(?!language-)[^"]*"/g, ""),
  );
}

/** Without what is no difference: white space between blocks, ways to write characters and empty elements. */
function tidy(html: string): string {
  return html
    .replace(/&(?:quot|#x27|#39);/g, (reference) => (reference === "&quot;" ? '"' : "'"))
    .replace(/<(br|hr)\s*\/?>/g, "<$1>")
    .replace(/[^\S\t]*(<\/?(?:p|h\d|ul|ol|li|blockquote|pre|hr|div)\b[^>]*>)[^\S\t]*/g, "$1")
    .trim();
}

/** The spec writes tabs as arrows. */
const withTabs = (text: string) => text.replaceAll("→", "\t");

/** Intended differences from CommonMark's HTML. `expected` maps the specification's HTML to Redline's. */
const DIFFERENCES: { what: string; concerns: (html: string) => boolean; expected: (html: string) => string }[] = [
  {
    what: "images are links to them, and text inside of links: nothing is loaded from elsewhere",
    concerns: (html) => html.includes("<img"),
    expected: (html) =>
      html
        .replace(/(<a [^>]*>)<img [^>]*alt="([^"]*)"[^>]*>(<\/a>)/g, "$1$2$3")
        .replace(
          /<img src="([^"]*)" alt="([^"]*)"( title="[^"]*")? \/>/g,
          (_, src, alt, title) => `<a href="${src}"${title ?? ""}>${alt || "image"}</a>`,
        ),
  },
  {
    what: "links lead to the web, to mail or to paths of this site; others are text",
    concerns: (html) => hrefs(html).some((href) => !leads(href)),
    expected: (html) =>
      html.replace(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/gs, (link, href, text) =>
        leads(href) ? link : `<span>${text}</span>`,
      ),
  },
];

const hrefs = (html: string) => [...html.matchAll(/<a href="([^"]*)"/g)].map((match) => match[1] ?? "");
/** The sanitizer knows schemes in lower case only. */
const leads = (href: string) => linkTarget(href) !== undefined && !/^[A-Z]/.test(href);

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Examples that are not compared, and why. */
const EXCLUSIONS: { reason: string; examples: number[] }[] = [
  {
    reason: "HTML is shown as the text it was written as",
    examples: [
      ...[21, 31, ...range(148, 191), 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536],
      ...[...range(613, 617), 623, ...range(625, 631), 642, 643],
    ],
  },
  { reason: "addresses in prose are links, as in GitHub's markdown", examples: [602, 606, 608, 611, 612] },
];

describe("CommonMark's examples", () => {
  const excluded = new Set(EXCLUSIONS.flatMap((each) => each.examples));
  const asSpecified = (example: (typeof examples)[number]) => {
    const expected = DIFFERENCES.reduce((html, each) => each.expected(html), example.html);
    return drawn(withTabs(example.markdown)) === tidy(withTabs(expected));
  };

  it("render as the specification says, except for deliberate differences", () => {
    const failed = examples.filter((example) => !asSpecified(example));
    expect(failed.map(({ number }) => number)).toEqual([...excluded].sort((a, b) => a - b));
    expect(DIFFERENCES.map(({ concerns }) => examples.filter(({ html }) => concerns(html)).length)).toEqual([23, 36]);
    expect([examples.length, excluded.size]).toEqual([652, 77]);
  });

  it("show HTML as text when it is not rendered", () => {
    const [html] = EXCLUSIONS;
    for (const { number, markdown } of examples.filter((each) => html?.examples.includes(each.number))) {
      const tag = /<[A-Za-z/!?][^\s>]*/.exec(markdown)?.[0] ?? "";
      expect([number, drawn(markdown).includes(tag.replace("<", "&lt;"))]).toEqual([number, true]);
    }
  });
});

describe("a text that is rendered block by block", () => {
  it("looks as if rendered whole: CommonMark's examples, and any sequence of them", () => {
    for (const { markdown } of examples) expect(drawn(withTabs(markdown))).toBe(drawnWhole(withTabs(markdown)));
    const part = fc.constantFrom(
      ...examples.filter(({ number }) => number !== 31).map(({ markdown }) => withTabs(markdown)),
      "Some words.\n",
      "- one\n- two\n",
      "```ts\nlet a;\n\nlet b;\n```\n",
      "~~~~\n```\n",
      "  ```\n  a\n\nb\n",
      "- a\n  ```\n  b\n\nc\n",
      "| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    const gap = fc.constantFrom("", "\n", "\n\n", "\n   \n");
    fc.assert(
      fc.property(fc.array(fc.tuple(part, gap), { maxLength: 5 }), (parts) => {
        const text = parts.flat().join("");
        // Nothing but blank lines in a fence that is not closed is none to the reader of markdown, or one.
        const withoutBlank = (html: string) => html.replace(/(<code[^>]*>)\s+(?=<\/code>)/g, "$1");
        expect(withoutBlank(drawn(text))).toBe(withoutBlank(drawnWhole(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("has an indented fence outside of the list that a barely indented line ended", () => {
    const text = "- one\n\n two\n  ```\n  a\n\nb\n";
    expect(drawn(text)).toBe(drawnWhole(text));
  });

  it("keeps its blocks while it grows, but for the last", () => {
    const text = "One.\n\nTwo *three*.\n\n```ts\nlet a;\n\nlet b;\n```\n\n- four\n- five\n\n> six\n\nSeven.\n";
    const whole = splitBlocks(text);
    expect(whole.map(({ kind }) => kind)).toEqual(["markdown", "markdown", "code", "markdown", "markdown", "markdown"]);
    for (let length = 0; length <= text.length; length++) {
      const settled = splitBlocks(text.slice(0, length)).slice(0, -1);
      for (const [index, block] of settled.entries()) expect(block.text.trim()).toBe(whole[index]?.text.trim());
    }
  });
});

describe("a text that is still being written", () => {
  const streaming = (text: string) => plain(renderToStaticMarkup(<Rendered text={text} isStreaming />));

  it("shows an unfinished fence as code and half a link as text", () => {
    expect(streaming("So:\n\n```ts\nlet a")).toBe('<p>So:</p><pre><code class="language-ts">let a\n</code></pre>');
    expect(streaming("See [the docs](https://exam")).toBe("<p>See [the docs](https://exam</p>");
    expect(streaming("See https://exam")).toBe("<p>See https://exam</p>");
    expect(streaming("See https://example.com and")).toContain('<a href="https://example.com">');
    expect(streaming("See [a](https://example.com)")).toContain('<a href="https://example.com">');
  });

  it("makes no heading of a line because a list begins under it", () => {
    for (const begun of ["-", "- ", "=", "1", "1.", "*", "**", "#", "|", "> -", "``"]) {
      expect(streaming(`Here:\n${begun}`)).toBe("<p>Here:</p>");
    }
    expect(streaming("Here:\n- a")).toBe("<p>Here:</p><ul><li>a</li></ul>");
  });
});
