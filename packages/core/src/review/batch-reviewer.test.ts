import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TreeEntry } from "../codebases/schema";
import type { ReviewBatchRequest } from "../reviewer-client/review-batch";
import { BatchReviewer } from "./batch-reviewer";

/** The limit of a request to Lambda (6 MB), where the engines' function runs. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

const requests: ReviewBatchRequest[] = [];

vi.mock("../reviewer-client/index", () => ({
  reviewBatch: async (request: ReviewBatchRequest) => {
    requests.push(request);
    const reviewed = request.files.map(({ path }) => ({ report: { path, coverage: { path, state: "covered" } } }));
    return { reviewed, duplication: request.duplicatesIn && { blocks: [] } };
  },
}));

vi.mock("../platform/blobs", () => ({ getText: async (_team: string, hash: string) => '"'.repeat(Number(hash)) }));

/** A file whose text is as long as its hash says, of what takes twice the room in a request. */
const file = (path: string, size: number) => ({ path, size, hash: String(size), language: "json" }) as TreeEntry;

beforeEach(() => {
  requests.length = 0;
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
  ])("are few and never over the size limit: %s", async (_what, files) => {
    const engines = new BatchReviewer("tea_1", files, files);
    for (const each of files) {
      const { coverage } = (await engines.of(each)).report;
      expect([coverage.path, coverage.state]).toEqual([each.path, each.size > 524_288 ? "skipped" : "covered"]);
    }
    const sizes = requests.map((request) =>
      Buffer.byteLength(JSON.stringify({ verb: "reviewBatch", args: [request] })),
    );
    expect(Math.max(...sizes)).toBeLessThan(MAX_REQUEST_BYTES);
    expect(requests.length).toBeLessThanOrEqual(Math.ceil(files.length / 10) + 2);
    expect(requests.flatMap((request) => request.files.map(({ path }) => path))).toEqual(
      files.filter(({ size }) => size <= 524_288).map(({ path }) => path),
    );
  });

  it("are one ahead: the next files are read while what was found in the first ones is stored", async () => {
    const files = Array.from({ length: 25 }, (_, at) => file(`${at}.ts`, 1_000));
    const engines = new BatchReviewer("tea_1", files, files);
    await engines.of(files[0] as TreeEntry);
    await vi.waitFor(() => expect(requests.map((request) => request.files.length)).toEqual([10, 10]));
  });
});
