import { afterEach, describe, expect, it } from "vitest";
import { count, METRICS, publishCounts, takeCounts } from "./metrics";

const published = (): string[] => {
  const lines: string[] = [];
  publishCounts((line) => lines.push(line));
  return lines;
};

afterEach(() => {
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  delete process.env.REDLINE_STAGE;
  takeCounts();
});

describe("metrics", () => {
  it("are summed and leave a function as one line of CloudWatch's embedded format, once", () => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = "redline-test";
    process.env.REDLINE_STAGE = "production";
    count("ModelCalls");
    count("ModelCalls");
    count("ModelTokens", 750);
    const [line = "", ...more] = published();
    expect([more, line.endsWith("\n"), line.trim().includes("\n")]).toEqual([[], true, false]);
    expect(JSON.parse(line)).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "Redline",
            Dimensions: [["Stage"]],
            Metrics: [
              { Name: "ModelCalls", Unit: "Count" },
              { Name: "ModelTokens", Unit: "Count" },
            ],
          },
        ],
      },
      Stage: "production",
      ModelCalls: 2,
      ModelTokens: 750,
    });
    expect(published()).toEqual([]);
  });

  it("fit one line of the format, which takes a hundred", () => {
    expect(Object.keys(METRICS).length).toBeLessThanOrEqual(100);
  });

  it("are silent on the laptop", () => {
    count("JobsDone");
    expect(published()).toEqual([]);
  });
});
