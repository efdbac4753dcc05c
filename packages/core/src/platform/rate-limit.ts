import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { $add, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { AppError } from "../errors";
import { nowMs } from "./clock";
import { isConditionFailed } from "./dynamo-errors";
import { entityDefaults } from "./table";

/** A rate: tokens per minute, and at most `burst` at once. */
export type Rate = { perMinute: number; burst: number };

const BucketEntity = new Entity({
  ...entityDefaults,
  name: "bucket",
  schema: item({
    key: string().key(),
    /** The time at which the bucket is empty again, in ms: the "theoretical arrival time" of GCRA. */
    emptyAtMs: number(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ key }: { key: string }) => ({ pk: `RATE#${key}`, sk: "BUCKET" }),
});

/**
 * Takes a token from a bucket shared by all processes, in one or two conditional writes. Throws RATE_LIMIT_EXCEEDED
 * with the seconds to wait in `details.retryAfterSeconds`.
 */
export async function consumeRateLimit(key: string, { perMinute, burst }: Rate): Promise<void> {
  const eachMs = 60_000 / perMinute;
  const now = nowMs();
  const fullMs = burst * eachMs;
  const ttl = Math.ceil((now + fullMs) / 1000) + 60;
  if (await fill({ key, emptyAtMs: now + eachMs, ttl }, { emptyBy: now })) return;
  for (let attempt = 0; attempt < 5; attempt++) {
    const read = await readBucket(key);
    const emptyAtMs = Math.max(read, now) + eachMs;
    if (emptyAtMs - now > fullMs) {
      const retryAfterSeconds = Math.max(1, Math.ceil((emptyAtMs - now - fullMs) / 1000));
      throw new AppError("RATE_LIMIT_EXCEEDED", `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    }
    if (await fill({ key, emptyAtMs, ttl }, { read })) return;
  }
  throw new AppError("RATE_LIMIT_EXCEEDED", "Too many attempts at once. Try again in 1 s.", {
    details: { retryAfterSeconds: 1 },
  });
}

/** Returns a token that turned out not to count. A bucket that has become empty meanwhile stays empty. */
export async function returnToken(key: string, { perMinute }: Rate): Promise<void> {
  try {
    await BucketEntity.build(UpdateItemCommand)
      .item({ key, emptyAtMs: $add(-Math.round(60_000 / perMinute)) })
      .options({ condition: { attr: "emptyAtMs", gt: nowMs() } })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

type Filled = { key: string; emptyAtMs: number; ttl: number };

/** Writes a bucket that has run empty, or is unchanged since it was read; false after a concurrent write. */
async function fill(bucket: Filled, was: { emptyBy: number } | { read: number }): Promise<boolean> {
  const condition =
    "read" in was
      ? { attr: "emptyAtMs" as const, eq: was.read }
      : {
          or: [
            { attr: "emptyAtMs" as const, exists: false },
            { attr: "emptyAtMs" as const, lte: was.emptyBy },
          ],
        };
  try {
    await BucketEntity.build(PutItemCommand).item(bucket).options({ condition }).send();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

async function readBucket(key: string): Promise<number> {
  const { Item } = await BucketEntity.build(GetItemCommand).key({ key }).options({ consistent: true }).send();
  return Item?.emptyAtMs ?? 0;
}
