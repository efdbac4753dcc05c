import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseSuggestion } from "./normalise";
import { type ReadAnswer, TextAnswerReader } from "./reader";

const CART = [
  "export function total(items) {",
  "  let sum = 0;",
  "  for (const item of items) sum += item.price;",
  "  return sum;",
  "}",
  "",
].join("\n");
const FIXED = CART.replace("item.price", "item.price * item.count");
const TAX = "export const tax = 0.2;\n";
const FILES = [
  { path: "src/cart.ts", text: CART, hash: "a".repeat(64) },
  { path: "src/tax.ts", text: TAX, hash: "b".repeat(64) },
];
const PATHS = FILES.map((file) => file.path);

const OLD = "  for (const item of items) sum += item.price;";
const NEW = "  for (const item of items) sum += item.price * item.count;";
const SEARCH = `<<<<<<< SEARCH\n${OLD}\n=======\n${NEW}\n>>>>>>> REPLACE`;
const DIFF = `@@ -2,3 +2,3 @@\n   let sum = 0;\n-${OLD}\n+${NEW}\n   return sum;`;
const JSON_ANSWER = JSON.stringify({
  explanation: "The count is left out. Multiply.",
  suggested_code: NEW,
  patch: { start_line: 3, end_line: 3, replacement: NEW },
  confidence: "high",
});

function read(
  answer: string,
  options: { isCut?: boolean; cuts?: readonly number[] } = {},
): ReadAnswer & { steps: string[] } {
  const reader = new TextAnswerReader(PATHS);
  const points = [0, ...[...(options.cuts ?? [])].sort((a, b) => a - b), answer.length];
  const steps = points.slice(1).map((to, index) => reader.push(answer.slice(points[index], to)));
  const result = reader.end({ isCut: options.isCut ?? false });
  return { ...result, steps };
}

/** The texts of all files once every suggestion was applied on the stored base. */
function outcome(answer: ReadAnswer) {
  return answer.suggestions.map((suggestion) => {
    const result = normaliseSuggestion({ files: FILES }, suggestion, "src/cart.ts");
    if (!result.ok) return result.reason;
    return Object.fromEntries(
      result.edits.map((edit) => {
        const base = FILES.find((file) => file.path === edit.path)?.text ?? "";
        const text = [...edit.edits]
          .reverse()
          .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), base);
        return [edit.path, edit.delete ? null : text];
      }),
    );
  });
}

const FIXES_CART = [{ "src/cart.ts": FIXED }];

describe("suggestions written as text", () => {
  const answers: Record<string, string> = {
    "search and replace in a fence": `Multiply.\n\nsrc/cart.ts\n\`\`\`\n${SEARCH}\n\`\`\`\n`,
    "a language after the fence": `src/cart.ts\n\`\`\`typescript\n${SEARCH}\n\`\`\`\nThat is it.`,
    "the path in backticks": `\`src/cart.ts\`\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path in bold": `**src/cart.ts**\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path as a heading": `### src/cart.ts\n\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path behind asterisks": `*** src/cart.ts\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path behind the word file": `File: src/cart.ts\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path in a sentence": `In \`src/cart.ts\`, change this:\n\`\`\`ts\n${SEARCH}\n\`\`\``,
    "the path inside the fence": `\`\`\`ts\nsrc/cart.ts\n${SEARCH}\n\`\`\``,
    "the path in a comment inside the fence": `\`\`\`ts\n// src/cart.ts\n${SEARCH}\n\`\`\``,
    "no path at all": `Do this:\n\`\`\`\n${SEARCH}\n\`\`\``,
    "only the end of the path": `cart.ts\n\`\`\`\n${SEARCH}\n\`\`\``,
    "tildes for the fence": `src/cart.ts\n~~~\n${SEARCH}\n~~~`,
    "a fence in a list": `1. Multiply:\n\n   src/cart.ts\n   \`\`\`ts\n${SEARCH.replaceAll(/^/gm, "   ")}\n   \`\`\`\n`,
    "blocks without a fence": `Multiply.\n\nsrc/cart.ts\n${SEARCH}\n\nDone.`,
    "a closing fence that was forgotten": `src/cart.ts\n\`\`\`ts\n${SEARCH}\n`,
    "line ends of Windows": `src/cart.ts\n\`\`\`ts\n${SEARCH}\n\`\`\`\n`.replaceAll("\n", "\r\n"),
    "a diff with its file header": `\`\`\`diff\n--- a/src/cart.ts\n+++ b/src/cart.ts\n${DIFF}\n\`\`\``,
    "a diff by git": `\`\`\`diff\ndiff --git a/src/cart.ts b/src/cart.ts\nindex 1..2 100644\n--- a/src/cart.ts\n+++ b/src/cart.ts\n${DIFF}\n\`\`\``,
    "a diff without the sides": `\`\`\`\n--- src/cart.ts\n+++ src/cart.ts\n${DIFF}\n\`\`\``,
    "a diff without a header": `src/cart.ts:\n\`\`\`diff\n${DIFF}\n\`\`\``,
    "a diff in a list": `- so:\n  \`\`\`diff\n${DIFF.replaceAll(/^/gm, "  ")}\n  \`\`\`\n`,
    "a bare object": JSON_ANSWER,
    "a bare object after words": `Here you are:\n\n${JSON_ANSWER}\n\nBye.`,
    "an object in a fence": `\`\`\`json\n${JSON_ANSWER}\n\`\`\`\n`,
    "an object over many lines": JSON.stringify(JSON.parse(JSON_ANSWER), null, 2),
    "an object with line breaks in its texts": JSON_ANSWER.replace("out. Multiply", "out.\nMultiply"),
    "an object with the original": JSON.stringify({
      explanation: "So.",
      patch: { start_line: 2, end_line: 2, original: OLD, replacement: NEW },
    }),
    "an object in the form of the tool": JSON.stringify({
      summary: "Multiply",
      edits: [{ path: "src/cart.ts", start_line: 3, end_line: 3, original: OLD, replacement: NEW }],
    }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    it(`are read from ${name}`, () => {
      const result = read(answer);
      expect(outcome(result)).toEqual(FIXES_CART);
      expect(result.text).not.toMatch(/SEARCH|REPLACE|@@|start_line/);
    });
  }

  it("are one change where several files stand together, and two where words part them", () => {
    const tax = `src/tax.ts\n\`\`\`\n<<<<<<< SEARCH\n${TAX}=======\nexport const tax = 0.19;\n>>>>>>> REPLACE\n\`\`\`\n`;
    const cart = `src/cart.ts\n\`\`\`\n${SEARCH}\n\`\`\`\n`;
    const both = { "src/cart.ts": FIXED, "src/tax.ts": "export const tax = 0.19;\n" };
    expect(outcome(read(`${cart}\n${tax}`))).toEqual([both]);
    expect(outcome(read(`${cart}\nOr else change the tax instead.\n\n${tax}`))).toEqual([
      { "src/cart.ts": FIXED },
      { "src/tax.ts": "export const tax = 0.19;\n" },
    ]);
    const diff = `\`\`\`diff\n--- a/src/cart.ts\n+++ b/src/cart.ts\n${DIFF}\n--- a/src/tax.ts\n+++ b/src/tax.ts\n@@ -1 +1 @@\n-${TAX}+export const tax = 0.19;\n\`\`\``;
    expect(outcome(read(diff))).toEqual([both]);
  });

  it("can add and delete files", () => {
    const added = "src/new.ts\n```\n<<<<<<< SEARCH\n=======\nexport {};\n>>>>>>> REPLACE\n```\n";
    expect(outcome(read(added))).toEqual([{ "src/new.ts": "export {};\n" }]);
    const diff = "```diff\n--- /dev/null\n+++ b/src/new.ts\n@@ -0,0 +1 @@\n+export {};\n```";
    expect(outcome(read(diff))).toEqual([{ "src/new.ts": "export {};\n" }]);
    const gone = `\`\`\`diff\n--- a/src/tax.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-${TAX}\`\`\``;
    expect(outcome(read(gone))).toEqual([{ "src/tax.ts": null }]);
  });

  it("leave the words around them, in order", () => {
    const result = read(`Before.\n\nsrc/cart.ts\n\`\`\`\n${SEARCH}\n\`\`\`\n\nAfter.`);
    expect(result.text).toBe("Before.\n\nsrc/cart.ts\n\nAfter.");
    expect(read(`Here:\n\n${JSON_ANSWER}\nBye.`).text).toBe("Here:\n\nThe count is left out. Multiply.\nBye.");
  });

  it("are shown as code when they name no location", () => {
    const result = read(JSON.stringify({ explanation: "Like this.", suggested_code: "a\n```\nb" }));
    expect(result.suggestions).toEqual([]);
    expect(result.text).toBe("Like this.\n\n````\na\n```\nb\n````");
  });
});

describe("text that is no suggestion", () => {
  const texts: Record<string, string> = {
    "a fence of code": "Like so:\n\n```ts\nconst a = { b: 1 };\n```\nDone.",
    "a fence of JSON": '```json\n{"name": "x", "patch": 1}\n```\n',
    "a bare block in braces": "{\n  a: 1\n}\nand on\n",
    "a fence that only looks like a path first": "```sh\nnpm\ninstall\n```\n",
    "a diff without hunks": "```diff\n- a\n+ b\n```\n",
    "a search without its end": "```\n<<<<<<< SEARCH\nold\n```\nand on",
    "a search with two dividers": "```\n<<<<<<< SEARCH\nTitle\n=======\nx\n=======\ny\n>>>>>>> REPLACE\n```\n",
    "inline code and comparisons": "`a` < b, ``c`` and ~~gone~~ <b>\n<<< no\n",
    "an empty fence": "```\n```\n",
    "only white space": "  \n\n \t",
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`stays text: ${name}`, () => {
      const result = read(text);
      expect(result.text).toBe(text);
      expect(result.suggestions).toEqual([]);
    });
  }

  it("streams at once, token by token", () => {
    const reader = new TextAnswerReader(PATHS);
    expect(reader.push("The")).toBe("The");
    expect(reader.push(" sum is wrong")).toBe(" sum is wrong");
    expect(reader.push(".\n\n```")).toBe(".\n\n");
    expect(reader.push("ts\ncon")).toBe("");
    expect(reader.push("st a")).toBe("```ts\nconst a");
    expect(reader.push(" = 1;")).toBe(" = 1;");
  });
});

const arbitraryAnswer = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "Some words.\n",
        "\n",
        "src/cart.ts\n",
        "**src/tax.ts**\n",
        `\`\`\`\n${SEARCH}\n\`\`\`\n`,
        `${SEARCH}\n`,
        `\`\`\`diff\n${DIFF}\n\`\`\`\n`,
        `${JSON_ANSWER}\n`,
        `\`\`\`json\n${JSON_ANSWER}\n\`\`\`\n`,
        "```ts\nconst a = 1;\n```\n",
        '{"a": 1}\n',
        "<<<<<<< SEARCH\n",
        "=======\n",
        ">>>>>>> REPLACE\n",
        "```\n",
        "~~~~\n",
        "{",
        "}",
        '"',
        "\r\n",
      ),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("an answer that arrives in pieces", () => {
  it("is read the same however it is split, and shows the same so far", () => {
    fc.assert(
      fc.property(arbitraryAnswer, fc.array(fc.nat(), { maxLength: 20 }), fc.boolean(), (answer, at, isCut) => {
        const cuts = at.map((each) => each % (answer.length + 1));
        const whole = read(answer, { isCut });
        const split = read(answer, { isCut, cuts });
        expect({ ...split, steps: [], rest: "" }).toEqual({ ...whole, steps: [], rest: "" });
        expect(split.steps.join("") + split.rest).toBe(split.text);
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses no character of what is not a suggestion", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: fc.constantFrom("`", "~", "<", "{", "\n", " ", "a", '"', "=", "-", "@") }),
        (text) => {
          const result = read(text);
          expect(result.suggestions).toEqual([]);
          expect(result.text).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("shows no half of a suggestion and makes no other one of it, cut at any place", () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        const whole = read(answer);
        for (let length = 0; length <= answer.length; length++) {
          const cut = read(answer.slice(0, length), { isCut: true });
          expect(whole.suggestions.slice(0, cut.suggestions.length)).toEqual(cut.suggestions);
          expect(whole.text.startsWith(cut.text)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("shows nothing of an incomplete suggestion", () => {
    for (const answer of [
      `Words.\n\`\`\`\n${SEARCH}\n\`\`\`\n`,
      `Words.\n\`\`\`diff\n${DIFF}\n\`\`\`\n`,
      `Words.\n${JSON_ANSWER}`,
    ]) {
      for (let length = 7; length < answer.length; length++) {
        const cut = read(answer.slice(0, length), { isCut: true });
        expect(cut.text).toBe("Words.\n");
        expect(cut.suggestions).toEqual([]);
      }
    }
  });
});
