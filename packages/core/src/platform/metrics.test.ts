import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE, SUMS } from "./metric-names";
import { count, publishCounts } from "./metrics";

let written: string[];
beforeEach(() => {
  written = [];
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-test");
  vi.stubEnv("REDLINE_STAGE", "production");
  vi.spyOn(process.stdout, "write").mockImplementation((line) => written.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const published = (): Record<string, unknown>[] => {
  publishCounts();
  return written
    .splice(0)
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
};

describe("metrics", () => {
  it("are logged as one line of CloudWatch's embedded metric format, by stage only, with sums as fields", () => {
    count("ModelCalls");
    count("ModelCalls");
    count("ModelTokens", 750);
    for (const timedOut of [0, 1, 0]) count("ModelTimeouts", timedOut);
    count("ModelMicroUsd", 1_200);
    expect(published()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: METRICS_NAMESPACE,
              Dimensions: [[METRICS_DIMENSION]],
              Metrics: [
                { Name: "ModelTimeouts", Unit: "Count" },
                { Name: "ModelMicroUsd", Unit: "Count" },
              ],
            },
          ],
        },
        [METRICS_DIMENSION]: "production",
        ModelTimeouts: [0, 1, 0],
        ModelMicroUsd: 1_200,
        ModelCalls: 2,
        ModelTokens: 750,
      },
    ]);
    expect(published()).toEqual([]);
  });

  it("are only those that an alarm uses: other sums are logged and become no metric", () => {
    for (const name of SUMS) count(name);
    const [line, ...more] = published();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ message: "counted", ...Object.fromEntries(SUMS.map((name) => [name, 1])) });
    expect(line).not.toHaveProperty("_aws");
  });

  it("keep every value, however many there are", () => {
    for (let call = 0; call < 250; call += 1) count("ModelTimeouts", call % 2);
    const values = published().flatMap((line) => line.ModelTimeouts);
    expect([values.length, values.filter(Boolean).length]).toEqual([250, 125]);
  });

  it("cost money each, so that a new one is a decision", () => {
    expect(Object.keys(METRICS)).toEqual(["ModelTimeouts", "ModelMicroUsd", "NearTimeout"]);
  });

  it("are dropped on the laptop", () => {
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", undefined);
    count("JobsDone");
    count("NearTimeout");
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-test");
    expect(published()).toEqual([]);
  });
});
