/** Redline's own rules for any text. The keys in the examples are put together here, so that no scanner takes this file for a leak. */
import { describeRules } from "../rule-docs";

const pretendKey = ["AKIA", "QX4T7RNB2LWPZ5VD"].join("");
const pretendToken = ["f3Zq8Lw0", "Xk2Rv7Tb", "9Yp4Nc6M"].join("");

export const textRules = describeRules(
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
    {
      id: "hidden-character",
      severity: "critical",
      title: "A character that hides what the code says",
      why: "Characters that turn the direction of text around, or that are not shown, make code read otherwise than it runs. Somebody may have hidden something; otherwise they came with a paste and make searches and comparisons fail.",
      bad: "admin = false // \u202E check later \u2066\n",
      good: "admin = false // check later\n",
    },
  ],
);
