/** `redline mergetool`: asks for each conflict which side to take. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { MergeRegion } from "@redline/core/text/index";
import { CommandFailure } from "../failure";
import { bytesOf, mergeFiles, readThree } from "../merge/three-files";
import { type Colors, colorsFor, type Io, printable, write } from "../terminal";
import type { Arguments } from "./command";

const MAX_LINES = 20;
const CHOICES: Record<string, Choice> = {
  o: ({ ours }) => ours,
  t: ({ theirs }) => theirs,
  b: ({ ours, theirs }) => ended(ours) + theirs,
  r: ({ ours, theirs }) => ended(theirs) + ours,
  n: () => "",
};
const QUESTION = "Take [o]urs, [t]heirs, [b]oth, both [r]eversed, [n]one, or [q]uit? ";

export async function run({ positionals, rest }: Arguments, io: Io): Promise<number> {
  const [base, local, remote, merged] = [...positionals, ...rest];
  if (base === undefined || local === undefined || remote === undefined || merged === undefined) {
    throw new CommandFailure("redline mergetool takes BASE, LOCAL, REMOTE and MERGED.");
  }
  const inFolder = (name: string) => resolve(io.cwd, name);
  const result = mergeFiles(readThree(inFolder(base), inFolder(local), inFolder(remote)), {
    ours: "ours",
    theirs: "theirs",
  });
  if (!result) throw new CommandFailure(`${merged} is binary: take one side as a whole.`);
  const conflicts = result.regions.filter(({ kind }) => kind === "conflict");
  const answers = conflicts.length > 0 ? await ask(conflicts, merged, io) : [];
  if (!answers) return 1;
  let at = 0;
  const text = result.regions.map((region) => (region.kind === "conflict" ? answers[at++] : sideOf(region))).join("");
  writeFileSync(inFolder(merged), bytesOf(text));
  await write(
    io.stdout,
    `${merged}: ${conflicts.length === 0 ? "merged without conflicts" : "all conflicts resolved"}.\n`,
  );
  return 0;
}

const sideOf = ({ kind, ours, theirs }: MergeRegion): string => (kind === "theirs" ? theirs : ours);

const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** The text to put in place of each conflict; undefined when the user leaves. */
async function ask(conflicts: readonly MergeRegion[], name: string, io: Io): Promise<string[] | undefined> {
  const colors = colorsFor(io.stdout, io.env);
  const reader = createInterface({ input: io.stdin });
  // Questions of readline lose the lines that come between two of them.
  const lines = reader[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const [index, conflict] of conflicts.entries()) {
      const head = colors.bold(`\n${printable(name)}: conflict ${index + 1} of ${conflicts.length}`);
      const [ours, theirs] = [conflict.ours, conflict.theirs];
      const sides = `${side("ours", ours, colors.red, colors)}${side("theirs", theirs, colors.green, colors)}`;
      await write(io.stdout, `${head}\n${sides}`);
      const choose = await choice(lines, io);
      if (!choose) return undefined;
      answers.push(choose(conflict));
    }
  } finally {
    reader.close();
  }
  return answers;
}

type Choice = (conflict: MergeRegion) => string;

async function choice(lines: AsyncIterator<string>, io: Io): Promise<Choice | undefined> {
  for (;;) {
    await write(io.stdout, QUESTION);
    const { value, done } = await lines.next();
    const given = done ? "q" : value.trim().toLowerCase();
    if (given === "q" || given === "quit") return undefined;
    const choose = CHOICES[given[0] ?? ""];
    if (choose) return choose;
  }
}

function side(label: string, text: string, paint: (text: string) => string, colors: Colors): string {
  const lines = bytesOf(text).toString("utf8").replace(/\n$/, "").split("\n");
  const shown = lines.slice(0, MAX_LINES).map((line) => paint(`  ${printable(line.replaceAll("\t", "    "))}`));
  const more = lines.length > MAX_LINES ? [colors.dim(`  … ${lines.length - MAX_LINES} more lines`)] : [];
  return `${[colors.dim(`${label}:`), ...(text === "" ? [colors.dim("  (nothing)")] : shown), ...more].join("\n")}\n`;
}
