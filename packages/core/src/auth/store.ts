import { Entity } from "dynamodb-toolbox/entity";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { nowIso, nowSeconds } from "../platform/clock";
import { conditionHeld } from "../platform/dynamo-errors";
import { entityDefaults, table } from "../platform/table";

/** An authenticated browser. Its token is stored as a hash, so that reading the table does not let anyone sign in. */
const SignInEntity = new Entity({
  ...entityDefaults,
  name: "sign-in",
  schema: item({
    userId: string().key(),
    tokenHash: string().key(),
    signedInAt: string(),
    /** To the day: it is written as the sign-in is extended. */
    usedAt: string().optional(),
    /** The browser by its own words. */
    agent: string().optional(),
    /** The account's at the time: another since then means that it was signed out everywhere. */
    epoch: number().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ userId, tokenHash }: { userId: string; tokenHash: string }) => ({
    pk: `USER#${userId}`,
    sk: `SIGNIN#${tokenHash}`,
  }),
});

export type SignInKey = { userId: string; tokenHash: string };
export type SignIn = { signedInAt: string; usedAt?: string; agent?: string; epoch?: number; ttl: number };

const isLive = ({ ttl }: SignIn): boolean => ttl > nowSeconds();

export async function writeSignIn(
  key: SignInKey,
  { lastsSeconds, ...more }: { lastsSeconds: number; agent?: string; epoch?: number },
): Promise<void> {
  const put = SignInEntity.build(PutItemCommand);
  await put.item({ ...key, ...more, signedInAt: nowIso(), ttl: nowSeconds() + lastsSeconds }).send();
}

/** Returns a sign-in; undefined when it has expired or never existed. */
export async function readSignIn(key: SignInKey): Promise<SignIn | undefined> {
  const { Item } = await SignInEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
  return Item && isLive(Item) ? Item : undefined;
}

/** Returns a user's sign-ins that have not expired. */
export async function querySignIns(userId: string): Promise<(SignInKey & SignIn)[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(SignInEntity)
    .query({ partition: `USER#${userId}`, range: { beginsWith: "SIGNIN#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.filter(isLive);
}

/** Extends a sign-in, unless it was revoked meanwhile. */
export async function renewSignIn(key: SignInKey, lastsSeconds: number): Promise<void> {
  await conditionHeld(
    SignInEntity.build(UpdateItemCommand)
      .item({ ...key, usedAt: nowIso(), ttl: nowSeconds() + lastsSeconds })
      .options({ condition: { attr: "tokenHash", exists: true } })
      .send(),
  );
}

export async function deleteSignIn(key: SignInKey): Promise<void> {
  await SignInEntity.build(DeleteItemCommand).key(key).send();
}
