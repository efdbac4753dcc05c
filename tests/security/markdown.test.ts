import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import Rendered from "../../app/markdown/rendered";
import { PAYLOADS } from "./markdown-payloads";

/** All that a message may be made of: tags, and per tag its attributes. Anything else fails, whatever it is. */
const ANYWHERE = ["class"];
const ALLOWED: Record<string, string[]> = {
  a: ["href", "id", "title", "rel", "target"],
  code: [],
  div: ["role", "aria-label", "aria-busy", "tabindex"],
  li: ["id"],
  ol: ["start"],
  path: ["d"],
  pre: ["role", "aria-label", "tabindex"],
  section: ["data-footnotes"],
  span: ["id", "role", "aria-label"],
  svg: [
    "xmlns",
    "width",
    "height",
    "viewBox",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "role",
    "aria-label",
  ],
  ...Object.fromEntries(
    "p h4 h5 h6 ul blockquote strong em del br hr table thead tbody tr th td sup bdi"
      .split(" ")
      .map((tag) => [tag, []]),
  ),
};
const TAG = /^<\/?([a-z][a-z0-9]*)((?: [a-zA-Z][\w:-]*="[^"<>]*")*) ?\/?>/;
const SAFE_HREF = /^(?:https?:\/\/[^\s"'<>\\]+|mailto:[^\s"'<>\\]+|#[\w%:.-]*|\/(?![/\\])[\x21-\x7e]*|\/)$/i;

/** Returns the problem with rendered HTML; undefined without one. */
function fault(html: string): string | undefined {
  for (let at = html.indexOf("<"); at !== -1; at = html.indexOf("<", at + 1)) {
    const match = TAG.exec(html.slice(at));
    if (!match) return `no tag: ${html.slice(at, at + 60)}`;
    const [, tag = "", attributes = ""] = match;
    const allowed = ALLOWED[tag];
    if (!allowed) return `tag ${tag}`;
    for (const [, name = "", value = ""] of attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)) {
      if (![...ANYWHERE, ...allowed].includes(name)) return `attribute ${name} of ${tag}`;
      if (name === "href" && !SAFE_HREF.test(value.replaceAll("&amp;", "&").replaceAll("&#x27;", "%27")))
        return `href ${value}`;
    }
  }
  return undefined;
}

const draw = (text: string, isStreaming: boolean) =>
  renderToStaticMarkup(createElement(Rendered, { text, isStreaming }));

describe("Markdown of users and models", () => {
  it("is tried with at least 200 different payloads", () => {
    expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(200);
  });

  it("is checked by a detector that works", () => {
    for (const html of [
      "<script>",
      '<img src="x">',
      '<a href="javascript:alert(1)">',
      '<p style="x">',
      '<p onclick="x">',
      '<a href="//evil.example">',
      "<p onclick=x>",
      "a < b",
    ]) {
      expect(fault(html), html).toBeDefined();
    }
    expect(fault('<p class="x">a &lt; b</p><br/><a href="https://a.example/?a=1&amp;b">x</a>')).toBeUndefined();
  });

  const chunks = Array.from({ length: 8 }, (_, part) => PAYLOADS.filter((_, index) => index % 8 === part));
  it.each(chunks.map((payloads, part) => ({ payloads, part })))(
    "renders no script, script link, remote image, handler or style, cut at every offset (part $part)",
    ({ payloads }) => {
      const faults: string[] = [];
      for (const payload of payloads) {
        for (let end = 1; end <= payload.length; end++) {
          const text = payload.slice(0, end);
          for (const isStreaming of [true, false]) {
            const found = fault(draw(text, isStreaming));
            if (found) faults.push(`${JSON.stringify(text)}: ${found}`);
          }
        }
        const found = fault(draw(`Words before.\n\n${payload}\n\nWords after.`, false));
        if (found) faults.push(`${JSON.stringify(payload)} among words: ${found}`);
      }
      expect(faults).toEqual([]);
    },
  );

  it("shows a link's target when its text names another", () => {
    expect(draw("[https://good.example](https://evil.example)", false)).toContain("<bdi>evil.example</bdi>");
    expect(draw("https://good.example@evil.example/", false)).toContain('rel="noopener noreferrer nofollow"');
    expect(draw("[good](https://good.example@evil.example/)", false)).toContain("<bdi>evil.example</bdi>");
    expect(draw("[a](https://аpple.example)", false)).toContain("<bdi>xn--");
  });
});
