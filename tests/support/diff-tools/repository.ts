/** Random small repositories, whose lines and names are what diffs are read wrongly by. Seeded. */

import type { Random } from "../random";

export type Tree = Map<string, string>;

const NAMES = [
  "x.py",
  "a/x.py",
  "b/x.py",
  "b/a/x.py",
  "src/my file.ts",
  "src/ä.py",
  "src/weiß ñ.txt",
  'quote".txt',
  "w/i.txt",
  "old/new.txt",
  "dash - b.txt",
  "index.html",
];

const LINES = [
  "",
  "",
  "}",
  "{",
  "  return x",
  "\treturn x",
  "\tif (x) {",
  "def f(x):",
  "class A:",
  "int main(void)",
  "-",
  "- ",
  "--",
  "-- ",
  "-- a comment",
  "+",
  "++ more",
  "-- a/x.py",
  "++ b/x.py",
  "@@ -1 +1 @@",
  "diff --git a/x b/x",
  "Index: x",
  "2.39.5",
  "\\ No newline at end of file",
  "From here on",
  "commit",
  "~",
  "| a | b |",
  "[-x-]",
  "a = b",
  "x=3",
  " leading",
  "trailing ",
  "ünïcode 你好",
  "=======",
  "> quoted",
];

const SHARE_CRLF = 0.12;
const SHARE_BOM = 0.08;
const SHARE_UNENDED = 0.25;
const SHARE_EMPTY = 0.06;

function newLine(random: Random, number: number): string {
  return random.chance(0.5) ? random.pick(LINES) : `line ${number} ${random.below(1_000)}`;
}

function newText(random: Random): string {
  if (random.chance(SHARE_EMPTY)) return "";
  const lines = Array.from({ length: 1 + random.below(40) }, (_, at) => newLine(random, at));
  return shaped(lines, random.chance(SHARE_CRLF), random.chance(SHARE_BOM), random.chance(SHARE_UNENDED));
}

function shaped(lines: readonly string[], isCrlf: boolean, hasBom: boolean, isUnended: boolean): string {
  const end = isCrlf ? "\r\n" : "\n";
  const text = (hasBom ? "\uFEFF" : "") + lines.map((line) => line + end).join("");
  return isUnended && lines.length > 0 ? text.slice(0, -end.length) : text;
}

export function randomTree(random: Random): Tree {
  const tree: Tree = new Map();
  const count = 2 + random.below(4);
  while (tree.size < count) tree.set(random.pick(NAMES), newText(random));
  return tree;
}

/** The tree after some edits, never the same. */
export function changedTree(random: Random, before: Tree): Tree {
  const tree = new Map(before);
  do {
    for (const [path, text] of before) if (random.chance(0.7)) tree.set(path, editedText(random, text));
    if (random.chance(0.3)) tree.set(random.pick(NAMES), newText(random));
    if (random.chance(0.2) && tree.size > 1) tree.delete(random.pick([...tree.keys()]));
    if (random.chance(0.15)) moveFile(random, tree);
  } while (isSameTree(tree, before));
  return tree;
}

function moveFile(random: Random, tree: Tree): void {
  const from = random.pick([...tree.keys()]);
  const to = random.pick(NAMES);
  const text = tree.get(from);
  if (tree.has(to) || text === undefined) return;
  tree.delete(from);
  tree.set(to, text);
}

function editedText(random: Random, text: string): string {
  const lines = text === "" ? [] : text.split(/(?<=\n)/);
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const edits = 1 + random.below(4);
  for (let edit = 0; edit < edits; edit++) {
    const at = random.below(lines.length + 1);
    const kind = random.below(5);
    if (kind === 0) lines.splice(at, 1 + random.below(3));
    else if (kind === 1 && lines[at] !== undefined) lines[at] = newLine(random, at) + end;
    else if (kind === 2 && lines[at] !== undefined) lines[at] = `  ${lines[at]}`;
    else lines.splice(at, 0, ...Array.from({ length: 1 + random.below(3) }, () => newLine(random, at) + end));
  }
  const joined = lines.map((line, at) => (at < lines.length - 1 && !line.endsWith("\n") ? line + end : line)).join("");
  if (random.chance(0.1)) return joined.endsWith("\n") ? joined.slice(0, -end.length) : joined + end;
  if (random.chance(0.03)) return joined.replaceAll("\r\n", "\n");
  return joined;
}

export function isSameTree(one: Tree, two: Tree): boolean {
  return one.size === two.size && [...one].every(([path, text]) => two.get(path) === text);
}
