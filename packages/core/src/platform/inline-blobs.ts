import { Entity } from "dynamodb-toolbox/entity";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { binary, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { nowMs } from "./clock";
import { conditionHeld } from "./dynamo-errors";
import { entityDefaults, prefixed, table } from "./table";

/** A compressed text in the table, by owner and content hash: up to a size where that costs less than an object of S3. */
const TextEntity = new Entity({
  ...entityDefaults,
  name: "text",
  schema: item({
    teamId: string().key().savedAs("pk").transform(prefixed("TEXTS")),
    hash: string().key().savedAs("sk"),
    body: binary(),
    writtenMs: number(),
    v: number().default(1),
  }),
});

export async function putInlineBlob(teamId: string, hash: string, body: Uint8Array): Promise<void> {
  await TextEntity.build(PutItemCommand).item({ teamId, hash, body, writtenMs: nowMs() }).send();
}

export async function getSmallText(teamId: string, hash: string): Promise<Uint8Array | undefined> {
  const get = TextEntity.build(GetItemCommand).key({ teamId, hash });
  return (await get.options({ consistent: true }).send()).Item?.body;
}

/** Removes a team's small texts that nothing names and that were written before then; returns how many went. */
export async function sweepSmallTexts(
  teamId: string,
  isNamed: (hash: string) => boolean,
  beforeMs: number,
): Promise<number> {
  let gone = 0;
  let exclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table
      .build(QueryCommand)
      .entities(TextEntity)
      .query({ partition: `TEXTS#${teamId}` })
      .options({ consistent: true, exclusiveStartKey })
      .send();
    for (const { hash, writtenMs } of Items) {
      if (writtenMs < beforeMs && !isNamed(hash) && (await remove({ teamId, hash }, writtenMs))) gone += 1;
    }
    exclusiveStartKey = LastEvaluatedKey;
  } while (exclusiveStartKey);
  return gone;
}

/** False when it was written again meanwhile: something may name it now. */
function remove(key: { teamId: string; hash: string }, writtenMs: number): Promise<boolean> {
  const condition = { attr: "writtenMs" as const, eq: writtenMs };
  return conditionHeld(TextEntity.build(DeleteItemCommand).key(key).options({ condition }).send());
}
