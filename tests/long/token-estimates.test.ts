/**
 * Estimates of tokens beside what tokenizers make of the same text: real files of this machine's packages and languages, as a
 * model is shown them. The costs of an estimate were found with ten tokenizers (ADR 0023); two packages hold four of them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { estimateTokens, type Tokenizer } from "@redline/core/ai/tokens";
import { encode as encodeCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { encode as encodeO200k } from "gpt-tokenizer/encoding/o200k_base";
import { encode as encodeR50k } from "gpt-tokenizer/encoding/r50k_base";
import llama2 from "llama-tokenizer-js";
import { describe, expect, it } from "vitest";

/** Text may name special tokens; it is text all the same. */
const asText = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

const TOKENIZERS: [name: string, kind: Tokenizer, count: (text: string) => number, mostOnAverage: number][] = [
  ["o200k", "wide", (text) => encodeO200k(text, asText).length, 1.7],
  ["cl100k", "wide", (text) => encodeCl100k(text, asText).length, 1.7],
  ["r50k", "any", (text) => encodeR50k(text, asText).length, 1.8],
  ["llama 2", "narrow", (text) => llama2.encode(text, false, false).length, 1.6],
];

const ENDINGS = [".ts", ".tsx", ".js", ".mjs", ".css", ".json", ".md", ".py", ".h", ".c", ".pl", ".pm", ".sh", ".html"];
const ROOTS = ["app", "packages", "docs", "node_modules", "/usr/lib/python3", "/usr/lib/python3.13", "/usr/share/perl"];
const FILES_PER_ENDING = 25;
const [MIN_CHARS, MAX_CHARS] = [400, 12_000];

function* filesUnder(folder: string, depth = 0): Generator<string> {
  if (depth > 6) return;
  let entries: import("node:fs").Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path, depth + 1);
    else if (entry.isFile()) yield path;
  }
}

/** Evenly from all that there are, the same each time. */
function sample(): { path: string; text: string }[] {
  const byEnding = new Map<string, string[]>(ENDINGS.map((ending) => [ending, []]));
  for (const root of ROOTS) for (const path of filesUnder(root)) byEnding.get(extname(path))?.push(path);
  const chosen = [...byEnding.values()].flatMap((paths) => {
    const step = Math.max(1, Math.floor(paths.length / FILES_PER_ENDING));
    return paths.filter((_, index) => index % step === 0).slice(0, FILES_PER_ENDING);
  });
  return chosen.flatMap((path) => {
    const text = readFileSync(path, "utf8")
      .slice(0, MAX_CHARS)
      .replace(/[\ud800-\udbff]$/, "");
    if (text.includes("\0") || text.length < MIN_CHARS) return [];
    const numbered = text.split("\n").map((line, index) => `${index + 1} | ${line}`);
    return [{ path, text: numbered.join("\n") }];
  });
}

describe("an estimate of a file's tokens", () => {
  const files = sample();

  it.each(TOKENIZERS)(
    "is never below what %s (%s) makes of it, and not far above on average",
    (name, kind, count, most) => {
      const below: string[] = [];
      let sum = 0;
      for (const { path, text } of files) {
        const ratio = estimateTokens(text, kind) / count(text);
        if (ratio < 1) below.push(`${path}: ${ratio.toFixed(2)}`);
        sum += ratio;
      }
      process.stdout.write(
        `${name}: ${below.length} of ${files.length} below, ${(sum / files.length).toFixed(2)} on average\n`,
      );
      expect(files.length).toBeGreaterThan(100);
      expect(below).toEqual([]);
      expect(sum / files.length).toBeLessThan(most);
    },
  );
});
