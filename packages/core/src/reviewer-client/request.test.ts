import { expect, it } from "vitest";
import { parseReviewerRequest, type ReviewerMethod, reviewerClient } from "./index";

const file = { path: "a.ts", text: "a\n", language: "typescript" };
const report = {
  ...{ path: "a.ts", problems: [], coverage: { path: "a.ts", state: "covered" } },
  metrics: { lines: 1, codeLines: 1, functions: 0, complexityMax: 0, complexityMean: 0, duplicatedLines: 0 },
};

/** Arguments that the product calls each method with. */
const requests: Record<ReviewerMethod, unknown[]> = {
  check: [file, { priority: "typing" }],
  prove: [file, report],
  compose: [file, [{ id: "a", edits: [{ start: 0, end: 1, text: "b" }] }]],
  evidence: [null, file, { signal: undefined }],
  repeats: [{ path: "a.ts", language: "typescript", mine: "a", theirs: "b", text: "ab" }, { priority: "typing" }],
  highlight: [{ text: "a", language: "typescript" }, {}],
  duplication: [[file]],
  locate: [file, [{ start: 0, end: 1 }]],
};

it("accepts every request that the product sends to the reviewer", () => {
  expect(Object.keys(requests).sort()).toEqual(Object.keys(reviewerClient).sort());
  for (const [verb, args] of Object.entries(requests)) {
    const request = JSON.parse(JSON.stringify({ verb, args, requestId: "req_1" }));
    expect(parseReviewerRequest(request), verb).toBe(request);
  }
});
