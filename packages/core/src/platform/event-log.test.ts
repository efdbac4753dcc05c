import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { withProduct } from "../../../../tests/support/product";
import { sleep } from "./clock";
import { EventLogWriter, endLogOf, followLog, readLog } from "./event-log";

const product = withProduct();

const follow = async <E>(logId: string, after = 0): Promise<{ sequence: number; event: E }[]> => {
  const seen = [];
  for await (const { sequence, event } of followLog<E>(logId, after, AbortSignal.timeout(20_000))) {
    seen.push({ sequence, event });
  }
  return seen;
};

describe("an event log", () => {
  afterEach(() => product.cloud.setFaults(LATE_READS));

  it("is followed from any event, each once and in order, while it is written and after it", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<number>(logId);
    const followers = [0, 3, 7].map((after) => follow<number>(logId, after));
    for (let event = 1; event < 10; event += 1) {
      writer.append(event);
      if (event % 3 === 0) await writer.flush();
    }
    await writer.end(10);
    const from = (after: number) =>
      Array.from({ length: 10 - after }, (_, index) => ({ sequence: after + index + 1, event: after + index + 1 }));
    expect(await Promise.all(followers)).toEqual([from(0), from(3), from(7)]);
    expect(await follow(logId, 5)).toEqual(from(5));
  });

  it("takes more at once than an item holds", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    const events = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(150 * 1024));
    for (const event of events) writer.append(event);
    await writer.end("end");
    expect((await readLog<string>(logId)).map((entry) => entry.event)).toEqual([...events, "end"]);
  });

  it("stores later what the table did not take, in order and without a gap", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<number>(logId);
    product.cloud.setFaults({ ...LATE_READS, rules: [{ kind: "throttle", probability: 1, operation: "PutItem" }] });
    writer.append(1);
    await expect(writer.flush()).rejects.toThrow();
    writer.append(2);
    product.cloud.setFaults(LATE_READS);
    await writer.end(3);
    expect((await readLog<number>(logId)).map(({ sequence, event }) => [sequence, event])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it("has one writer: who comes second stores nothing and is told so", async () => {
    const logId = randomUUID();
    const first = new EventLogWriter<string>(logId);
    const second = new EventLogWriter<string>(logId);
    first.append("first");
    await first.flush();
    second.append("second");
    await expect(second.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(second.isLost).toBe(true);
    await expect(second.end("end")).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect((await readLog<string>(logId)).map((entry) => entry.event)).toEqual(["first"]);
  });

  it("that was ended for a dead writer ends once for every follower, wherever they are", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    writer.append("stored");
    await writer.flush();
    const following = [follow<string>(logId), follow<string>(logId, 1)];
    await sleep(20);
    writer.append("heard only");
    await endLogOf(logId, "end");
    await endLogOf(logId, "another end");
    const ends = (await Promise.all(following)).map((seen) => seen.map((entry) => entry.event));
    expect(ends.map((events) => events.at(-1))).toEqual(["end", "end"]);
    expect((await readLog<string>(logId)).filter((entry) => entry.last)).toMatchObject([{ event: "end" }]);
  });

  it("that has ended keeps its own end", async () => {
    const logId = randomUUID();
    const writer = new EventLogWriter<string>(logId);
    await writer.end("its own");
    await endLogOf(logId, "another");
    expect(await follow(logId)).toEqual([{ sequence: 1, event: "its own" }]);
  });
});
