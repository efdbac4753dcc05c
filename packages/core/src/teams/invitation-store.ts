import { Entity } from "dynamodb-toolbox/entity";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import type { Role } from "../access/schema";
import { nowSeconds } from "../platform/clock";
import { entityDefaults, table } from "../platform/table";
import type { Write } from "../platform/transaction";
import type { Invitation } from "./schema";
import { teamKey } from "./store";

const InvitationEntity = new Entity({
  ...entityDefaults,
  name: "invitation",
  schema: item({
    teamId: string().key(),
    id: string().key(),
    email: string(),
    role: string(),
    invitedBy: string(),
    createdAt: string(),
    /** The user who accepted it: an invitation is for one. It stays until it expires, so that accepting may be repeated. */
    acceptedBy: string().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, id }: { teamId: string; id: string }) => ({ pk: teamKey(teamId), sk: `INVITE#${id}` }),
});

type Key = { teamId: string; id: string };
export type StoredInvitation = Invitation & { teamId: string; acceptedBy?: string };

export async function writeInvitation({ expiresAt, ...invitation }: StoredInvitation): Promise<void> {
  const ttl = Math.floor(Date.parse(expiresAt) / 1000);
  await InvitationEntity.build(PutItemCommand)
    .item({ ...invitation, ttl })
    .send();
}

/** Returns an invitation; undefined when it was revoked or has expired. */
export async function readInvitation(key: Key): Promise<StoredInvitation | undefined> {
  const { Item } = await InvitationEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
  return Item && Item.ttl > nowSeconds() ? toInvitation(Item) : undefined;
}

/** Returns a team's invitations that can be accepted, oldest first. */
export async function queryInvitations(teamId: string): Promise<StoredInvitation[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(InvitationEntity)
    .query({ partition: teamKey(teamId), range: { beginsWith: "INVITE#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.filter((each) => each.ttl > nowSeconds() && each.acceptedBy === undefined).map(toInvitation);
}

export async function deleteInvitation(key: Key): Promise<void> {
  await InvitationEntity.build(DeleteItemCommand).key(key).send();
}

/** Returns the write that accepts an invitation. It fails where it was revoked, or accepted already. */
export const acceptWrite = (key: Key, userId: string): Write =>
  InvitationEntity.build(UpdateTransaction)
    .item({ ...key, acceptedBy: userId })
    .options({
      condition: {
        and: [
          { attr: "id", exists: true },
          { attr: "acceptedBy", exists: false },
        ],
      },
    });

type Item = Omit<StoredInvitation, "role" | "expiresAt"> & { role: string; ttl: number; v: number };

const toInvitation = ({ ttl, v: _v, role, ...rest }: Item): StoredInvitation => ({
  ...rest,
  role: role as Role,
  expiresAt: new Date(ttl * 1000).toISOString(),
});
