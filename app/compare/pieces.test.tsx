import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { RemovedPieces } from "./pieces";

const render = (pieces: Parameters<typeof RemovedPieces>[0]["pieces"]) =>
  renderToStaticMarkup(<RemovedPieces pieces={pieces} />);

test("a line that goes is struck without the blanks at its ends", () => {
  expect(render([{ text: "  " }, { text: "let", className: "tok-keyword" }, { text: " a;  " }])).toBe(
    '  <del class="redline-struck"><span class="tok-keyword">let</span> a;</del>  ',
  );
  expect(render([{ text: "   " }])).toBe("   ");
});

test("of a line that became another, the changed words are marked and struck, and blanks only marked", () => {
  expect(render([{ text: "a(" }, { text: "b, ", isChanged: true }, { text: "c)" }])).toBe(
    'a(<span class="redline-removed-text"><del class="redline-struck">b,</del> </span>c)',
  );
  expect(render([{ text: "a" }, { text: "  ", isChanged: true }, { text: "b" }])).toBe(
    'a<span class="redline-removed-text">  </span>b',
  );
});
