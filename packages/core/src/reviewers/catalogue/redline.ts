/** Redline's own rules. The keys in the examples are put together here, so that no scanner takes this file for a leak. */
import { page } from "./entry";

/** Paths through a function past which it is named. */
export const complexityLimit = 30;

const pretendKey = ["AKIA", "QX4T7RNB2LWPZ5VD"].join("");
const pretendToken = ["f3Zq8Lw0", "Xk2Rv7Tb", "9Yp4Nc6M"].join("");
const manyBranches = Array.from({ length: complexityLimit }, (_, step) => `  if (n === ${step}) n += ${step};`).join(
  "\n",
);

export const redlineRules = [
  ...page(
    "redline",
    ["*"],
    [
      {
        id: "secret",
        severity: "critical",
        title: "A secret in the code",
        why: "Whoever can read the code, now or in its history, can use this credential. Revoke it, then read the new one from the environment or a secret store.",
        bad: `AWS_ACCESS_KEY_ID = "${pretendKey}"\n`,
        good: 'AWS_ACCESS_KEY_ID = "$AWS_ACCESS_KEY_ID"\n',
      },
      {
        id: "possible-secret",
        severity: "major",
        confidence: "medium",
        title: "A value that looks like a secret",
        why: "A name that says secret is given a random-looking value. If it is a real credential, anyone who reads the code can use it: revoke it and read the new one from the environment.",
        bad: `api_key = "${pretendToken}"\n`,
        good: 'api_key = "set by the deployment"\n',
      },
      {
        id: "merge-marker",
        severity: "critical",
        title: "A merge conflict left in the file",
        why: "Both sides of an unresolved conflict and its markers are in the file. It is not what either author wrote and will seldom run.",
        bad: `${"<".repeat(7)} ours\ncolour = blue\n${"=".repeat(7)}\ncolour = green\n${">".repeat(7)} theirs\n`,
        good: "colour = blue\n",
      },
    ],
  ),
  ...page(
    "redline",
    ["typescript", "tsx", "javascript", "jsx", "json", "jsonc", "css", "graphql", "python"],
    [
      {
        id: "parse-error",
        severity: "critical",
        title: "The file does not parse",
        why: "The language's grammar does not allow what is here, so the file cannot run or be built. Other rules wait until it parses.",
        bad: "export const total = (1 + ;\n",
        good: "export const total = 1;\n",
      },
    ],
  ),
  ...page(
    "redline",
    ["typescript", "tsx", "javascript", "jsx", "python"],
    [
      {
        id: "early-error",
        severity: "critical",
        title: "The code is refused before it runs",
        why: "The grammar allows what is here, but no engine does: a name that is declared or exported twice, `break` outside of a loop, `return` outside of a function. The whole file is refused when it is loaded.",
        bad: "export const total = 1;\nexport const total = 2;\n",
        good: "export const total = 1;\n",
      },
    ],
  ),
  ...page(
    "redline",
    ["typescript", "tsx", "javascript", "jsx", "python"],
    [
      {
        id: "complex-function",
        severity: "minor",
        confidence: "medium",
        title: "A function with very many paths",
        why: `More than ${complexityLimit} paths lead through this function: too many to hold in mind or to cover with tests. Parts that can be named are easier to change when they are functions of their own.`,
        bad: `export function step(n: number) {\n${manyBranches}\n  return n;\n}\n`,
        good: "export function step(n: number) {\n  return n < 30 ? n * 2 : n;\n}\n",
      },
    ],
  ),
];
