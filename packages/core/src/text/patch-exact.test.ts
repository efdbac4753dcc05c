import { describe, expect, it } from "vitest";
import { applyEdits, normalisePatch } from "./index";
import { edited, replaced } from "./patches.test-support";

const LOOP = "def f(xs):\n    for x in xs:\n        check(x)\n    return xs\n";
const MAKEFILE = "all: a.c\n\tgcc a.c\n\nclean:\n\trm a.out\n";

describe("a block quoted without its indentation", () => {
  it("is shifted as a whole, including a new inner line", () => {
    const search = "for x in xs:\n    check(x)";
    const expected = LOOP.replace("check(x)\n", "check(x)\n        check(x + 1)\n");
    expect(replaced(LOOP, { search, replace: `${search}\n    check(x + 1)` })).toBe(expected);
    expect(edited(LOOP, 2, 3, search, `${search}\n    check(x + 1)`)).toBe(expected);
  });

  it("is shifted where it is one line that becomes two", () => {
    expect(replaced(LOOP, { search: "check(x)", replace: "check(x)\nprint(x)" })).toBe(
      LOOP.replace("check(x)\n", "check(x)\n        print(x)\n"),
    );
  });

  it("is shifted where it is wrapped in a new level, and where a level goes", () => {
    expect(replaced(LOOP, { search: "check(x)", replace: "if x:\n    check(x)" })).toBe(
      LOOP.replace("        check(x)\n", "        if x:\n            check(x)\n"),
    );
    expect(replaced(LOOP, { search: "for x in xs:\n    check(x)", replace: "check(xs)" })).toBe(
      LOOP.replace("    for x in xs:\n        check(x)\n", "    check(xs)\n"),
    );
  });

  it("is applied unchanged when the new lines have the file's indentation again", () => {
    expect(
      replaced(LOOP, {
        search: "for x in xs:\n    check(x)",
        replace: "    for x in xs:\n        check(x)\n        print(x)",
      }),
    ).toBe(LOOP.replace("check(x)\n", "check(x)\n        print(x)\n"));
  });

  it("is written in the file's indent width", () => {
    expect(
      replaced(LOOP, {
        search: "for x in xs:\n  check(x)",
        replace: "for x in xs:\n  check(x)\n  if x:\n    print(x)",
      }),
    ).toBe(LOOP.replace("check(x)\n", "check(x)\n        if x:\n            print(x)\n"));
  });

  it.each([
    ["every line lost its own indentation", "for x in xs:\ncheck(x)", "for x in xs:\ncheck(x)\nprint(x)"],
    ["a new level has none", "return xs", "for x in xs:\nprint(x)"],
    ["its new lines alone are indented otherwise", "check(x)", "    print(x)"],
    ["blanks were collapsed", "for x in xs:\n check(x)", "for x in xs:\n check(x)\n print(x)"],
    ["a string over lines would change", "return xs", 'return """\na\n"""'],
  ])("is refused where %s", (_, search, replace) => {
    expect(replaced(LOOP, { search, replace })).toMatch(/^\[Block 1 can't be written for certain, because/);
  });

  it("keeps its indentation when only words changed, however it was quoted", () => {
    expect(replaced(LOOP, { search: "for x in xs:\n check(x)", replace: "for x in xs:\n test(x)" })).toBe(
      LOOP.replace("check", "test"),
    );
  });

  it("shifts a docstring with its function", () => {
    const base = 'class A:\n    def f(self):\n        """Does.\n\n        More.\n        """\n        return 1\n';
    const quote = (more: string) => `def f(self):\n    """Does.\n\n    More.\n${more}    """\n    return 1`;
    expect(replaced(base, { search: quote(""), replace: quote("    And more.\n") })).toBe(
      base.replace("More.\n", "More.\n        And more.\n"),
    );
  });
});

describe("a file indented by tabs", () => {
  it("gets tabs, whatever the answer writes instead", () => {
    const expected = MAKEFILE.replace("gcc", "gcc -O2");
    for (const blanks of ["    ", "        ", "  ", ""]) {
      expect(
        replaced(MAKEFILE, { search: `all: a.c\n${blanks}gcc a.c`, replace: `all: a.c\n${blanks}gcc -O2 a.c` }),
      ).toBe(expected);
    }
    expect(replaced(MAKEFILE, { search: "clean:", replace: "run: all\n    ./a.out\n\nclean:" })).toBe(
      MAKEFILE.replace("clean:", "run: all\n\t./a.out\n\nclean:"),
    );
  });

  it("keeps the position of a comment's asterisk", () => {
    const base = "/** A. */\nfunction a() {\n\treturn 1;\n}\n";
    expect(replaced(base, { search: "/** A. */", replace: "/**\n * A.\n */" })).toBe(
      base.replace("/** A. */", "/**\n * A.\n */"),
    );
  });

  it("refuses spaces whose depth is not certain", () => {
    expect(replaced(MAKEFILE, { search: "\tgcc a.c", replace: "\tgcc a.c\n    strip a.out" })).toContain(
      "how deep is not",
    );
  });
});

describe("a search text", () => {
  it.each([
    ["export const maxRetries = 3;\n", "Retries = 3;"],
    ["# retries: 3\na: 1\n", "retries: 3"],
    ["max = 1\n", "x = 1"],
    ["x = 10\n", "x = 1"],
    ["if (a) b();\nelse c();\n", "b();\nelse"],
    ["\u00a0x = 1\n", "x = 1"],
    ["x = 1\u2028\n", "x = 1"],
    ["\fx = 1\n", "x = 1"],
    ["x = 1\ry = 2\n", "x = 1"],
  ])("that is a part of a longer line of %j is refused: %j", (base, search) => {
    expect(replaced(base, { search, replace: "y" })).toMatch(/^\[The search text of block 1 does not stand/);
  });

  it("that matches exactly in one place and shifted in another is refused", () => {
    expect(replaced("x = 1\ndef f():\n    x = 1\n", { search: "x = 1", replace: "x = 2" })).toContain(
      "(lines 1 and 3)",
    );
  });

  it("that ends in a newline which its replacement lacks joins no lines", () => {
    expect(replaced("a\nb\n", { search: "a\n", replace: "c" })).toBe("c\nb\n");
  });
});

describe("blanks within a line", () => {
  const base = 'x   = "a  b"  # c\ny = 1   \n';

  it("stay as in the file when the change leaves them alone", () => {
    expect(replaced(base, { search: 'x = "a b" # c', replace: 'z = "a b" # c' })).toBe(base.replace("x ", "z "));
    expect(replaced(base, { search: "y = 1", replace: "y = 2" })).toBe(base.replace("1", "2"));
  });

  it("that may be a copy of misquoted ones are refused", () => {
    expect(replaced(base, { search: 'x = "a b" # c', replace: 'if y:\n    x = "a b" + y' })).toContain(
      "other blanks inside",
    );
  });
});

describe("a byte order mark", () => {
  const base = "\uFEFFimport os\nx = 1\n";

  it("is kept when the first line changes, in every format", () => {
    const expected = base.replace("os", "sys");
    expect(edited(base, 1, 1, "import os", "import sys")).toBe(expected);
    expect(replaced(base, { search: "import os", replace: "import sys" })).toBe(expected);
    const unified = normalisePatch(base, "unified", "@@ -1,2 +1,2 @@\n-import os\n+import sys\n x = 1\n");
    expect(unified.ok && applyEdits(base, unified.edits)).toBe(expected);
  });

  it("is removed when a diff removes it", () => {
    const unified = normalisePatch(base, "unified", "@@ -1,2 +1,2 @@\n-\uFEFFimport os\n+import os\n x = 1\n");
    expect(unified.ok && applyEdits(base, unified.edits)).toBe("import os\nx = 1\n");
  });
});

describe("line ends", () => {
  it("stay line by line in a mixed file", () => {
    expect(replaced("a\r\nb\nc\r\n", { search: "a\nb\nc", replace: "x\ny\nz" })).toBe("x\r\ny\nz\r\n");
  });

  it("change when the answer quotes and writes them", () => {
    expect(edited("a\r\nb\r\n", 1, 1, "a\r", "a")).toBe("a\nb\r\n");
  });
});

describe("omitted code", () => {
  const base = "function a() {\n  one();\n  two();\n}\n";
  const search = "function a() {\n  one();\n  two();\n}";
  it.each([
    "// [previous implementation here]",
    "{/* Existing JSX */}",
    "...",
    "…",
    "# ... rest of code ...",
    "<!-- unchanged -->",
    "-- snip --",
    "/* … */",
    "/* ... */",
    "// same as before",
    "pass  # existing code",
    "// (other methods remain the same)",
    "[rest of the function]",
    "{{!-- existing content --}}",
    "// keep the existing code here",
    "// ... 其余代码保持不变 ...",
    "... existing code ...",
    "<existing code>",
  ])("is refused as %j", (line) => {
    expect(replaced(base, { search, replace: `function a() {\n  ${line}\n  three();\n}` })).toContain(
      "leaves code out",
    );
  });

  it.each([
    [
      "a comment that the base holds",
      "a()\n# same as above\nb()\n",
      "# same as above\nb()",
      "c()\n# same as above\nb(1)",
    ],
    [
      "a stub's body",
      "class P(Protocol):\n    x: int\n",
      "    x: int",
      "    x: int\n\n    def f(self) -> int:\n        ...",
    ],
    ["a body in place of none", "def f(x):\n    pass\n", "def f(x):\n    pass", "def f(x: int) -> None:\n    ..."],
    ["a spread", "f({\n  a,\n});\n", "  a,", "  a,\n  ...rest,"],
    ["C's last parameter", "int log(char *f);\n", "int log(char *f);", "int log(\n    char *f,\n    ...\n);"],
    ["a heading", "import a\n", "import a", "import a\n# other imports\nimport b"],
    ["a document's end", "a: 1\n---\nb: 2\n", "a: 1\n---", "a: 1\n...\n---"],
    ["a note behind code that stays", "x = f(1)\n", "x = f(1)", "x = f(1, 2)  # same as above"],
  ])("is not taken for %s", (_, text, quote, replace) => {
    expect(replaced(text, { search: quote, replace })).toBe(text.replace(quote, replace));
  });
});
