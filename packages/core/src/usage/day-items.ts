/** A day's sums: its quota, and its calls by task. */
import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $add } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { TASKS } from "../ai/schema";
import { LIMITS } from "../limits";
import { entityDefaults, table } from "../platform/table";
import { type DayUsage, dayStart } from "./schema";
import { teamKey } from "./store";

const QuotaEntity = new Entity({
  ...entityDefaults,
  name: "quota",
  schema: item({
    teamId: string().key(),
    day: string().key(),
    committedTokens: number(),
    reservedTokens: number(),
    unknownTokens: number().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, day }: { teamId: string; day: string }) => ({ pk: teamKey(teamId), sk: `QUOTA#${day}` }),
});

const RollupEntity = new Entity({
  ...entityDefaults,
  name: "rollup",
  schema: item({
    teamId: string().key(),
    day: string().key(),
    task: string()
      .enum(...TASKS)
      .key(),
    calls: number(),
    inputTokens: number(),
    outputTokens: number(),
    cachedTokens: number(),
    costMicroUsd: number(),
    unpriced: number(),
    unknown: number(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, day, task }: { teamId: string; day: string; task: string }) => ({
    pk: teamKey(teamId),
    sk: `ROLLUP#${day}#${task}`,
  }),
});

/** Adds to a day's tokens. With `limit` it holds only while all of them stay within it. */
export function quotaWrite(
  teamId: string,
  day: string,
  delta: { committed: number; reserved: number; unknown?: number },
  limit: number | null = null,
) {
  const update = QuotaEntity.build(UpdateTransaction).item({
    teamId,
    day,
    committedTokens: $add(delta.committed),
    reservedTokens: $add(delta.reserved),
    unknownTokens: $add(delta.unknown ?? 0),
    ttl: Math.floor(dayStart(day) / 1_000) + LIMITS.quota.keepSeconds,
    v: 1,
  });
  if (limit === null) return update;
  const attr = "committedTokens" as const;
  const fits = { attr, lte: limit - delta.committed };
  // A day without calls has no item yet; then only this reservation must fit.
  return update.options({ condition: delta.committed > limit ? fits : { or: [{ attr, exists: false }, fits] } });
}

export function rollupWrite(teamId: string, { day, task, ...sums }: DayUsage) {
  return RollupEntity.build(UpdateTransaction).item({
    teamId,
    day,
    task,
    calls: $add(sums.calls),
    inputTokens: $add(sums.inputTokens),
    outputTokens: $add(sums.outputTokens),
    cachedTokens: $add(sums.cachedTokens),
    costMicroUsd: $add(sums.costMicroUsd),
    unpriced: $add(sums.unpriced),
    unknown: $add(sums.unknown),
    v: 1,
  });
}

type Committed = { committedTokens: number; reservedTokens: number; unknownTokens: number };

/** The tokens of a day so far. */
export async function readCommitted(teamId: string, day: string): Promise<Committed> {
  const get = QuotaEntity.build(GetItemCommand).key({ teamId, day });
  const { Item } = await get.options({ consistent: true }).send();
  const { committedTokens = 0, reservedTokens = 0, unknownTokens = 0 } = Item ?? {};
  return { committedTokens, reservedTokens, unknownTokens };
}

export async function queryRollups(teamId: string, from: string, to: string): Promise<DayUsage[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(RollupEntity)
    .query({ partition: teamKey(teamId), range: { between: [`ROLLUP#${from}#`, `ROLLUP#${to}#~`] } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.map(({ teamId: _team, v: _v, ...sums }) => sums);
}
