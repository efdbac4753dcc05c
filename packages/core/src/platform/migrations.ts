import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { $remove, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { LIMITS } from "../limits";
import { nowMs, nowSeconds } from "./clock";
import { isConditionFailed } from "./dynamo-errors";
import { log } from "./log";
import { toVersion2 } from "./migrations/version-2/index";
import { toVersion3 } from "./migrations/version-3/index";
import { toVersion4 } from "./migrations/version-4/index";
import { SCHEMA_KEY } from "./schema-version";
import { entityDefaults } from "./table";

/**
 * Migrates stored items to version `to`, a step at a time. A step starts at the cursor and returns the next one, or
 * undefined after the last. It may run twice, and while the product is in use.
 */
export type Migration = { to: number; step: (cursor: string | undefined) => Promise<string | undefined> };

/** This code's migrations, one for each version after the first. */
const MIGRATIONS: readonly Migration[] = [toVersion2, toVersion3, toVersion4];

const SchemaEntity = new Entity({
  ...entityDefaults,
  name: "schema",
  schema: item({
    of: string().key(),
    oldest: number(),
    newest: number(),
    epoch: number(),
    cursor: string().optional(),
    leaseUntil: number().optional(),
    v: number().default(1),
  }),
  computeKey: () => SCHEMA_KEY,
});

const OF = { of: "data" } as const;
type State = { oldest: number; newest: number; epoch: number; cursor?: string; leaseUntil?: number };

/**
 * Runs pending migration steps until the deadline. Safe to run concurrently; called every minute. Returns the number of
 * steps it ran: 0 when all are done or another process is running them.
 */
export async function migrateData(untilMs: number, migrations = MIGRATIONS): Promise<number> {
  let steps = 0;
  for (const migration of migrations.toSorted((a, b) => a.to - b.to)) {
    const state = await read();
    if (state.oldest >= migration.to) continue;
    if (state.oldest !== migration.to - 1) throw new Error(`There is no migration to version ${state.oldest + 1}.`);
    const epoch = await claim(state, migration.to);
    if (epoch === undefined) return steps;
    let { cursor } = state;
    do {
      if (nowMs() >= untilMs) {
        await held(epoch, { leaseUntil: $remove() });
        return steps;
      }
      cursor = await migration.step(cursor);
      steps += 1;
      if (cursor !== undefined && !(await held(epoch, { cursor, leaseUntil: leaseEnd() }))) return steps;
    } while (cursor !== undefined);
    if (!(await held(epoch, { oldest: migration.to, cursor: $remove(), leaseUntil: $remove() }))) return steps;
    log.info("data migrated", { to: migration.to, steps });
  }
  return steps;
}

/** Releases the lease of a migration whose process is known to be dead. */
export async function releaseMigration(): Promise<void> {
  const { epoch, leaseUntil } = await read();
  if (leaseUntil !== undefined) await held(epoch, { leaseUntil: $remove() });
}

const leaseEnd = () => nowSeconds() + LIMITS.lease.seconds;

async function read(): Promise<State> {
  const { Item } = await SchemaEntity.build(GetItemCommand).key(OF).options({ consistent: true }).send();
  return Item ?? { oldest: 1, newest: 1, epoch: 0 };
}

/** From here on items of the new version may exist, so code that does not know it must not run; undefined if not free. */
async function claim({ oldest, newest, epoch, leaseUntil }: State, to: number): Promise<number | undefined> {
  if (leaseUntil !== undefined && leaseUntil >= nowSeconds()) return undefined;
  const claimed = { oldest, newest: Math.max(newest, to), epoch: epoch + 1, leaseUntil: leaseEnd(), v: 1 };
  return (await held(epoch, claimed)) ? claimed.epoch : undefined;
}

type Change = Omit<Parameters<ReturnType<typeof update>["item"]>[0], "of">;
const update = () => SchemaEntity.build(UpdateItemCommand);

/** Returns false where the migration was claimed again since. */
async function held(epoch: number, change: Change): Promise<boolean> {
  const condition = epoch === 0 ? { attr: "epoch" as const, exists: false } : { attr: "epoch" as const, eq: epoch };
  try {
    await update()
      .item({ ...OF, ...change })
      .options({ condition })
      .send();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
