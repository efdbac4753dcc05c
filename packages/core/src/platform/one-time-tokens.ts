/** Tokens that are sent by mail. They are stored as hashes, so that reading the table lets nobody use one. */
import { createHash, randomBytes } from "node:crypto";
import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { item, number, record, string } from "dynamodb-toolbox/schema";
import { AppError } from "../errors";
import { nowSeconds } from "./clock";
import { entityDefaults } from "./table";

/** `confirm`: an e-mail address; `reset`: a forgotten password; `invitation`: to a team. */
export type TokenPurpose = "confirm" | "reset" | "invitation";

const TokenEntity = new Entity({
  ...entityDefaults,
  name: "one-time-token",
  schema: item({
    hash: string().key(),
    purpose: string(),
    facts: record(string(), string()),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ hash }: { hash: string }) => ({ pk: `ONCE#${hash}`, sk: `ONCE#${hash}` }),
});

const hashOf = (token: string): string => createHash("sha256").update(token, "utf8").digest("hex");

/** Makes and stores a token for `facts`, which it stands for until it expires. */
export async function issueToken(
  purpose: TokenPurpose,
  facts: Record<string, string>,
  lastsSeconds: number,
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const ttl = nowSeconds() + lastsSeconds;
  await TokenEntity.build(PutItemCommand)
    .item({ hash: hashOf(token), purpose, facts, ttl })
    .send();
  return token;
}

/** Returns what a token stands for; undefined when it is unknown or expired. */
export async function readToken(
  token: string,
): Promise<{ purpose: TokenPurpose; facts: Record<string, string> } | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const { Item } = await TokenEntity.build(GetItemCommand)
    .key({ hash: hashOf(token) })
    .options({ consistent: true })
    .send();
  if (!Item || Item.ttl <= nowSeconds()) return undefined;
  return { purpose: Item.purpose as TokenPurpose, facts: Item.facts as Record<string, string> };
}

/** Returns the facts of a token with this purpose. Throws TOKEN_EXPIRED. */
export async function requireToken(purpose: TokenPurpose, token: string): Promise<Record<string, string>> {
  const found = await readToken(token);
  if (found?.purpose !== purpose) throw linkExpired();
  return found.facts;
}

export const linkExpired = (): AppError =>
  new AppError("TOKEN_EXPIRED", "This link has expired or was used already. Nothing was changed. Ask for a new one.");
