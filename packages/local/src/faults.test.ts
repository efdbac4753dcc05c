import { describe, expect, it } from "vitest";
import { Faults, faultsFromEnvironment } from "./faults";

const silent = () => undefined;

describe("faults", () => {
  it("never strike when off, and leave deliveries as they are", () => {
    const faults = new Faults();
    const list = [1, 2, 3];
    expect(faults.active).toBe(false);
    expect(faults.strikes("throttle", "s3", "GetObject")).toBe(false);
    expect(faults.duplicated(list, "sqs", "ReceiveMessage")).toBe(list);
    expect(faults.reordered(list, "sqs", "ReceiveMessage")).toBe(list);
    expect([faults.indexLagMs(), faults.readLagMs()]).toEqual([0, 0]);
  });

  it("are the same again with the same seed, which is printed", () => {
    const printed: string[] = [];
    const drawn = (seed?: number) => {
      const faults = new Faults({ seed, rules: [{ kind: "drop", probability: 0.5 }] }, (line) => printed.push(line));
      return Array.from({ length: 64 }, () => faults.strikes("drop", "s3", "PutObject"));
    };
    expect(drawn(9)).toEqual(drawn(9));
    expect(drawn(9)).not.toEqual(drawn(10));
    drawn();
    expect(printed[0]).toContain("seed 9");
    expect(printed.at(-1)).toMatch(/seed \d+/);
  });

  it("strike only the service and the operation of their rule", () => {
    const rules = [{ kind: "throttle" as const, probability: 1, service: "s3" as const, operation: "PutObject" }];
    const faults = new Faults({ seed: 1, rules }, silent);
    expect(faults.strikes("throttle", "s3", "PutObject")).toBe(true);
    expect(faults.strikes("throttle", "s3", "GetObject")).toBe(false);
    expect(faults.strikes("throttle", "sqs", "PutObject")).toBe(false);
    expect(faults.strikes("drop", "s3", "PutObject")).toBe(false);
  });

  it("reorder without losing any, and keep the order inside of a group", () => {
    const faults = new Faults({ seed: 3, rules: [{ kind: "reorder", probability: 1 }] }, silent);
    const list = Array.from({ length: 30 }, (_, n) => ({ group: String(n % 3), n }));
    const shuffled = faults.reordered(list, "dynamodb", "Stream", ({ group }) => group);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a.n - b.n)).toEqual(list);
    for (const wanted of ["0", "1", "2"])
      expect(shuffled.filter(({ group }) => group === wanted)).toEqual(list.filter(({ group }) => group === wanted));
  });

  it("are read from the environment, with a clear message about invalid JSON", () => {
    expect(faultsFromEnvironment(undefined)).toBeUndefined();
    expect(faultsFromEnvironment('{"seed":1}')).toEqual({ seed: 1 });
    expect(() => faultsFromEnvironment("seed=1")).toThrow(/^REDLINE_FAULTS must be JSON/);
  });
});
