import { describe, expect, it } from "vitest";
import type { ToolScope } from "../tools";
import { readReviewText } from "./review-text";

const scope: ToolScope = { tools: ["report_finding", "finish_review"], paths: ["src/a.ts"], mayAddFiles: false };
const finding = (title: string) => ({
  path: "src/a.ts",
  start_line: 1,
  end_line: 2,
  severity: "major",
  rule: "off-by-one",
  title,
  explanation: "Because {it} is.",
  confidence: "high",
});
const titles = (text: string) => readReviewText(text, scope).findings.map(({ title }) => title);
const review = { findings: [finding("One"), finding("Two")], summary: "Two problems.", confidence: "high" };

describe("a review written as text", () => {
  it("is read from an object, bare, in a fence or among words", () => {
    for (const text of [
      JSON.stringify(review),
      `\`\`\`json\n${JSON.stringify(review, null, 2)}\n\`\`\``,
      `Here is {my} review:\n${JSON.stringify(review)}\nThat is all.`,
    ]) {
      expect(readReviewText(text, scope)).toMatchObject({ isReview: true, unread: 0, finish: { confidence: "high" } });
      expect(titles(text)).toEqual(["One", "Two"]);
    }
  });

  it("is read from a list, and from one object per line", () => {
    expect(titles(JSON.stringify(review.findings))).toEqual(["One", "Two"]);
    expect(titles(review.findings.map((each) => JSON.stringify(each)).join("\n"))).toEqual(["One", "Two"]);
  });

  it("keeps the whole findings of an answer that was cut, at any place", () => {
    const text = JSON.stringify(review);
    for (let length = 0; length < text.length; length++) {
      expect(["", "One", "One,Two"]).toContain(titles(text.slice(0, length)).join());
    }
    expect(titles(text.slice(0, -40))).toEqual(["One", "Two"]);
  });

  it("counts what can't be read, and what is out of scope", () => {
    const bad = { ...finding("Three"), severity: "terrible" };
    const elsewhere = { ...finding("Four"), path: "../secret" };
    expect(readReviewText(JSON.stringify({ findings: [bad, elsewhere, finding("One")] }), scope)).toMatchObject({
      unread: 2,
      findings: [{ title: "One" }],
    });
  });

  it("tells an answer without a review from an empty list of findings", () => {
    expect(readReviewText("I can't do that.", scope).isReview).toBe(false);
    expect(readReviewText("[]", scope).isReview).toBe(true);
    expect(readReviewText('{"findings": []}', scope).isReview).toBe(true);
    expect(readReviewText("{".repeat(60_000), scope).isReview).toBe(false);
  });
});
