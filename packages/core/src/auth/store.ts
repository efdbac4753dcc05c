import { Entity } from "dynamodb-toolbox/entity";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { nowIso, nowSeconds } from "../platform/clock";
import { isConditionFailed } from "../platform/dynamo-errors";
import { entityDefaults } from "../platform/table";

/** An authenticated browser. Its token is stored as a hash, so that reading the table does not let anyone sign in. */
const SignInEntity = new Entity({
  ...entityDefaults,
  name: "sign-in",
  schema: item({
    userId: string().key(),
    tokenHash: string().key(),
    signedInAt: string(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ userId, tokenHash }: { userId: string; tokenHash: string }) => ({
    pk: `USER#${userId}`,
    sk: `SIGNIN#${tokenHash}`,
  }),
});

export type SignInKey = { userId: string; tokenHash: string };

export async function writeSignIn(key: SignInKey, lastsSeconds: number): Promise<void> {
  const put = SignInEntity.build(PutItemCommand);
  await put.item({ ...key, signedInAt: nowIso(), ttl: nowSeconds() + lastsSeconds }).send();
}

/** Returns when a sign-in expires, in epoch seconds; undefined when it has expired or never existed. */
export async function readSignIn(key: SignInKey): Promise<number | undefined> {
  const { Item } = await SignInEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
  return Item && Item.ttl > nowSeconds() ? Item.ttl : undefined;
}

/** Extends a sign-in, unless it was revoked meanwhile. */
export async function renewSignIn(key: SignInKey, lastsSeconds: number): Promise<void> {
  try {
    await SignInEntity.build(UpdateItemCommand)
      .item({ ...key, ttl: nowSeconds() + lastsSeconds })
      .options({ condition: { attr: "tokenHash", exists: true } })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

export async function deleteSignIn(key: SignInKey): Promise<void> {
  await SignInEntity.build(DeleteItemCommand).key(key).send();
}
