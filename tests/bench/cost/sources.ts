/** Generates distinct files and replies for each user, so that nothing is deduplicated or cached. */

const NOUNS = "order invoice ticket parcel reader sensor tenant ledger avatar window bucket signal region cursor".split(
  " ",
);
const VERBS = "collect render settle merge parse retry notify expire rotate resolve measure publish".split(" ");
const pick = (words: string[], at: number) => words[at % words.length] ?? "";
const upper = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** A TypeScript file of 40 lines and more; the first two of a session have three problems each that fixes exist for. */
export function sourceFile(story: number, at: number): string {
  return Array.from({ length: 5 }, (_, part) => block(story * 31 + at * 7 + part, at < 2 && part === 0)).join("\n");
}

function block(seed: number, hasProblems: boolean): string {
  const noun = pick(NOUNS, seed);
  const other = pick(NOUNS, seed * 3 + 5);
  const name = `${pick(VERBS, seed * 5 + 1)}${upper(noun)}${seed}`;
  const limit = (seed * 37) % 991;
  return `/** ${upper(pick(VERBS, seed + 2))}s each ${noun} with more than ${limit} of its ${other}s. */
export function ${name}(${noun}s: { ${other}: number; at${seed}: string }[]): number {
  ${hasProblems ? "let" : "const"} ${other}Limit = ${limit};
  let ${noun}Sum = ${seed % 17};
  for (const each of ${noun}s) {
    if (each.${other} ${hasProblems ? "==" : "==="} ${other}Limit) ${hasProblems ? "debugger" : "continue"};
    ${noun}Sum += each.${other} * ${(seed % 9) + 2} - each.at${seed}.length;
  }
  return ${noun}Sum;
}
`;
}

export const ANSWER_TEXT =
  "The tax is never added because the loop leaves early. On the third line every item whose amount equals zero is skipped, which is right, but the condition compares with two equals signs, so an empty string and a missing amount count as zero too and are left out without a word. What remains is multiplied by the number of items, not by their sum: `items.length * tax` grows with how many rows a customer has, whatever they cost. Two orders of one cent are taxed like two of a thousand.\n\nI would keep a running total, add `item.amount` in the body of the loop, and return `total * (1 + tax)` at the end. If amounts may be missing, say so in the type and decide there: `amount ?? 0` where a gap means nothing was sold, an error where it means that a file was cut off. The second is safer for invoices, since a silent zero reaches the books and nobody looks again.\n\nThe rate should not live in the function either. It differs by country and changes with the year; pass it in, or read it from the same place as the currency, so that a test can set both. Rounding needs one more decision: cents are rounded once per invoice in most rules, not once per line, and floating point makes 0.1 + 0.2 a little more than 0.3, which shows on long lists. Work in whole cents and divide at the very end.\n\nA test that would have caught this: three items of 100, 200 and 0 with a rate of a fifth should come to 360, and the present code gives 0.6. Add one with an empty list, which must be zero, and one with a negative amount, because refunds arrive through the same path on the first of each month and are easily forgotten.".slice(
    0,
    1_600,
  );
