import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $add, $remove, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { boolean, item, number, record, string } from "dynamodb-toolbox/schema";
import type { Role } from "../access/schema";
import { conditionHeld } from "../platform/dynamo-errors";
import { entityDefaults } from "../platform/table";
import type { Write } from "../platform/transaction";

const UserEntity = new Entity({
  ...entityDefaults,
  name: "user",
  schema: item({
    id: string().key(),
    name: string(),
    email: string(),
    username: string(),
    passwordHash: string(),
    isConfirmed: boolean(),
    /** A sign-in and a reset's link are good for the number that they were made at. */
    epoch: number(),
    personalTeamId: string(),
    /** The role in each team, as in the teams' own items: read with each request, so that it holds at once. */
    teams: record(string(), string()),
    isOperator: boolean().optional(),
    createdAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ id }: { id: string }) => ({ pk: `USER#${id}`, sk: "PROFILE" }),
});

/** Something that one account has at most: an e-mail address, a username, the place of the first account. */
const UniqueEntity = new Entity({
  ...entityDefaults,
  name: "unique",
  schema: item({ kind: string().key(), value: string().key(), userId: string(), v: number().default(1) }),
  computeKey: ({ kind, value }: { kind: string; value: string }) => ({ pk: `UNIQUE#${kind}#${value}`, sk: "UNIQUE" }),
});

export type User = {
  id: string;
  name: string;
  email: string;
  username: string;
  passwordHash: string;
  isConfirmed: boolean;
  epoch: number;
  personalTeamId: string;
  teams: Record<string, Role>;
  isOperator?: boolean;
  createdAt: string;
};

type Unique = { kind: "email" | "username" | "account"; value: string };

/** The item that the first account of a stage takes. */
export const FIRST: Unique = { kind: "account", value: "first" };
export const emailKey = (email: string): Unique => ({ kind: "email", value: email.toLowerCase() });
export const usernameKey = (username: string): Unique => ({ kind: "username", value: username.toLowerCase() });

export async function readUser(id: string): Promise<User | undefined> {
  const { Item } = await UserEntity.build(GetItemCommand).key({ id }).options({ consistent: true }).send();
  return Item as User | undefined;
}

/** Returns the id of the account that has it. */
export async function ownerOf(unique: Unique): Promise<string | undefined> {
  const { Item } = await UniqueEntity.build(GetItemCommand).key(unique).options({ consistent: true }).send();
  return Item?.userId;
}

/** Returns the writes of a new account, of which each fails where another has what it must have alone. */
export const newUserWrites = (user: User, isFirst: boolean): Write[] => [
  UserEntity.build(PutTransaction)
    .item(user)
    .options({ condition: { attr: "id", exists: false } }),
  ...[emailKey(user.email), usernameKey(user.username), ...(isFirst ? [FIRST] : [])].map((unique) =>
    UniqueEntity.build(PutTransaction)
      .item({ ...unique, userId: user.id })
      .options({ condition: { attr: "kind", exists: false } }),
  ),
];

/** Returns the write that gives a user a role in a team, or takes the team from them. It fails where they had not `before`. */
export const membershipWrite = (
  { userId, teamId }: { userId: string; teamId: string },
  role: Role | undefined,
  before: Role | undefined,
): Write =>
  UserEntity.build(UpdateTransaction)
    .item({ id: userId, teams: { [teamId]: role ?? $remove() } })
    .options({
      condition: {
        and: [
          { attr: "id", exists: true },
          before === undefined
            ? { attr: `teams.['${teamId}']` as "teams", exists: false }
            : ({ attr: `teams.['${teamId}']`, eq: before } as never),
        ],
      },
    });

/** Marks the address as its owner's, unless it was changed since. */
export const confirmEmail = (id: string, email: string): Promise<boolean> =>
  conditionHeld(
    UserEntity.build(UpdateItemCommand)
      .item({ id, isConfirmed: true })
      .options({ condition: { attr: "email", eq: email } })
      .send(),
  );

/** Ends all sign-ins, and stores a new password where there is one. Returns false where that happened since `epoch`. */
export const startEpoch = (
  id: string,
  epoch: number,
  more: { passwordHash?: string; isConfirmed?: true },
): Promise<boolean> =>
  conditionHeld(
    UserEntity.build(UpdateItemCommand)
      .item({ id, epoch: $add(1), ...more })
      .options({ condition: { attr: "epoch", eq: epoch } })
      .send(),
  );
