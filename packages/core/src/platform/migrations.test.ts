import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { LIMITS } from "../limits";
import { dynamo } from "./clients";
import { isConditionFailed } from "./dynamo-errors";
import { health } from "./health";
import { type Migration, migrateData } from "./migrations";
import { resources } from "./resources";
import { CODE, dataVersions, SCHEMA_KEY, supports, unsupportedVersionMessage } from "./schema-version";

withProduct();

const ITEMS = 12;
const PER_STEP = 3;
const key = (at: number) => ({ pk: "MIGRATED", sk: String(at) });
const TableName = () => resources.Table.name;
const ever = () => Date.now() + 60_000;

let stepsTaken: number;
let dieAtStep: number | undefined;

/** Counts each item's visits that changed it, which must be one whatever happens. */
const doubling: Migration = {
  to: 2,
  step: async (cursor) => {
    stepsTaken += 1;
    const from = Number(cursor ?? 0);
    for (let at = from; at < from + PER_STEP; at += 1) {
      if (stepsTaken === dieAtStep && at === from + 1) throw new Error("killed");
      await dynamo()
        .send(
          new UpdateCommand({
            ...{ TableName: TableName(), Key: key(at), ConditionExpression: "v = :one" },
            UpdateExpression: "SET v = :two, doubled = doubled + :one",
            ExpressionAttributeValues: { ":one": 1, ":two": 2 },
          }),
        )
        .catch((error) => {
          if (!isConditionFailed(error)) throw error;
        });
    }
    return from + PER_STEP < ITEMS ? String(from + PER_STEP) : undefined;
  },
};

const stored = () =>
  Promise.all(
    Array.from({ length: ITEMS }, async (_, at) => {
      const { Item } = await dynamo().send(
        new GetCommand({ TableName: TableName(), Key: key(at), ConsistentRead: true }),
      );
      return [Item?.v, Item?.doubled];
    }),
  );
const ALL_DONE = Array.from({ length: ITEMS }, () => [2, 2]);

beforeEach(async () => {
  stepsTaken = 0;
  dieAtStep = undefined;
  await dynamo().send(new DeleteCommand({ TableName: TableName(), Key: SCHEMA_KEY }));
  for (let at = 0; at < ITEMS; at += 1) {
    await dynamo().send(new PutCommand({ TableName: TableName(), Item: { ...key(at), v: 1, doubled: 1 } }));
  }
});
afterEach(() => vi.restoreAllMocks());

describe("a migration", () => {
  it("migrates everything once, however often it is run", async () => {
    expect(await migrateData(ever(), [doubling])).toBe(ITEMS / PER_STEP);
    expect(await dataVersions()).toEqual({ oldest: 2, newest: 2 });
    expect(await migrateData(ever(), [doubling])).toBe(0);
    expect(await stored()).toEqual(ALL_DONE);
  });

  it("that was killed in the middle of a step is resumed there once its lease has expired", async () => {
    dieAtStep = 3;
    await expect(migrateData(ever(), [doubling])).rejects.toThrow("killed");
    expect(await dataVersions()).toEqual({ oldest: 1, newest: 2 });
    expect(await migrateData(ever(), [doubling])).toBe(0);
    const later = Date.now() + (LIMITS.lease.seconds + 2) * 1_000;
    vi.spyOn(Date, "now").mockReturnValue(later);
    expect(await migrateData(later + 1, [doubling])).toBe(2);
    expect(await dataVersions()).toEqual({ oldest: 2, newest: 2 });
    expect(await stored()).toEqual(ALL_DONE);
  });

  it("stops at its deadline and can be resumed at once", async () => {
    expect(await migrateData(Date.now() - 1, [doubling])).toBe(0);
    expect(await dataVersions()).toEqual({ oldest: 1, newest: 2 });
    expect(await migrateData(ever(), [doubling])).toBe(ITEMS / PER_STEP);
  });

  it("is run by one of many concurrent starts", async () => {
    const steps = await Promise.all(Array.from({ length: 5 }, () => migrateData(ever(), [doubling])));
    expect(steps.reduce((sum, each) => sum + each)).toBe(ITEMS / PER_STEP);
    expect(await stored()).toEqual(ALL_DONE);
  });

  it("cannot be skipped", async () => {
    await expect(migrateData(ever(), [{ ...doubling, to: 3 }])).rejects.toThrow("no migration to version 2");
    expect(await dataVersions()).toEqual({ oldest: 1, newest: 1 });
  });
});

describe("code and the version of stored data", () => {
  it.each([
    [{ reads: 1, writes: 1 }, { oldest: 1, newest: 1 }, true],
    [{ reads: 1, writes: 2 }, { oldest: 1, newest: 1 }, true],
    [{ reads: 1, writes: 2 }, { oldest: 1, newest: 2 }, true],
    // A former commit, since a migration began.
    [{ reads: 1, writes: 1 }, { oldest: 1, newest: 2 }, false],
    [{ reads: 1, writes: 1 }, { oldest: 2, newest: 2 }, false],
    // A commit that reads no more what was never migrated.
    [{ reads: 2, writes: 3 }, { oldest: 1, newest: 2 }, false],
  ])("code that supports %o and data of %o: %s", (code, data, isKnown) => expect(supports(code, data)).toBe(isKnown));

  it("is part of the health check", async () => {
    expect((await health()).checks.data).toBe("ok");
    const newer = Array.from({ length: CODE.writes }, (_, at) => ({ ...doubling, to: at + 2 }));
    await migrateData(ever(), newer);
    expect(await health()).toMatchObject({ status: "degraded", checks: { table: "ok", data: "failed" } });
    expect(unsupportedVersionMessage(CODE, await dataVersions())).toBe(
      `The stored data is of version ${CODE.writes + 1}, and this Redline knows ${CODE.reads} to ${CODE.writes}. Nothing was changed; start the one that wrote it.`,
    );
  });
});
