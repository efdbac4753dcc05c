import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TreeEntry } from "../codebases/schema";
import type { ReviewBatchRequest } from "../reviewer-client/review-batch";
import { BatchReviewer } from "./batch-reviewer";

/** The limit of a request to Lambda (6 MB), where the engines' function runs. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

const asked: ReviewBatchRequest[] = [];

vi.mock("../reviewer-client/index", () => ({
  reviewBatch: async (request: ReviewBatchRequest) => {
    asked.push(request);
    const reviewed = request.files.map(({ path }) => ({ report: { path, coverage: { path, state: "covered" } } }));
    return { reviewed, duplication: request.duplicatesIn && { blocks: [] } };
  },
}));

vi.mock("../platform/blobs", () => ({ getText: async (_team: string, hash: string) => '"'.repeat(Number(hash)) }));

/** A file whose text is as long as its hash says, of what takes twice the room in a request. */
const file = (path: string, size: number) => ({ path, size, hash: String(size), language: "json" }) as TreeEntry;

beforeEach(() => {
  asked.length = 0;
});

describe("the engines' requests for a review", () => {
  it.each([
    ["many small files", Array.from({ length: 60 }, (_, at) => file(`${at}.ts`, 4_000))],
    [
      "a file of the largest size beside code",
      [file("a.ts", 500_000), file("b.ts", 500_000), file("z.json", 5_000_000)],
    ],
    [
      "a file of the largest size before code",
      [file("a.json", 5_000_000), file("b.ts", 200_000), file("c.ts", 200_000)],
    ],
  ])("are few and never larger than what can be asked: %s", async (_what, files) => {
    const engines = new BatchReviewer("tea_1", files, files);
    for (const each of files) {
      const { coverage } = (await engines.of(each)).report;
      expect([coverage.path, coverage.state]).toEqual([each.path, each.size > 524_288 ? "skipped" : "covered"]);
    }
    const sizes = asked.map((request) => Buffer.byteLength(JSON.stringify({ verb: "reviewBatch", args: [request] })));
    expect(Math.max(...sizes)).toBeLessThan(MAX_REQUEST_BYTES);
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(files.length / 10) + 2);
    expect(asked.flatMap((request) => request.files.map(({ path }) => path))).toEqual(
      files.filter(({ size }) => size <= 524_288).map(({ path }) => path),
    );
  });
});
