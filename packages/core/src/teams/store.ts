import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { DeleteTransaction } from "dynamodb-toolbox/entity/actions/transactDelete";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $add, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import type { Role } from "../access/schema";
import { conditionHeld } from "../platform/dynamo-errors";
import { entityDefaults, table } from "../platform/table";
import type { Write } from "../platform/transaction";
import type { Member, Team } from "./schema";

export const teamKey = (teamId: string) => `TEAM#${teamId}`;

const TeamEntity = new Entity({
  ...entityDefaults,
  name: "team",
  schema: item({
    id: string().key(),
    name: string(),
    isPersonal: boolean(),
    createdAt: string(),
    members: number(),
    admins: number(),
    v: number().default(1),
  }),
  computeKey: ({ id }: { id: string }) => ({ pk: teamKey(id), sk: "TEAM" }),
});

const MemberEntity = new Entity({
  ...entityDefaults,
  name: "member",
  schema: item({
    teamId: string().key(),
    userId: string().key(),
    role: string(),
    name: string(),
    username: string(),
    joinedAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, userId }: { teamId: string; userId: string }) => ({
    pk: teamKey(teamId),
    sk: `MEMBER#${userId}`,
  }),
});

/** A team with how many members and admins it has. */
export type CountedTeam = Team & { members: number; admins: number };

export async function readTeam(id: string): Promise<CountedTeam | undefined> {
  const { Item } = await TeamEntity.build(GetItemCommand).key({ id }).options({ consistent: true }).send();
  return Item;
}

export async function readMember(teamId: string, userId: string): Promise<Member | undefined> {
  const { Item } = await MemberEntity.build(GetItemCommand)
    .key({ teamId, userId })
    .options({ consistent: true })
    .send();
  return Item && toMember(Item);
}

/** Returns all members of a team, of which there are at most `LIMITS.team.maxMembers`. */
export async function queryMembers(teamId: string): Promise<Member[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(MemberEntity)
    .query({ partition: teamKey(teamId), range: { beginsWith: "MEMBER#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.map(toMember);
}

const toMember = ({ userId, name, username, role, joinedAt }: Omit<Member, "role"> & { role: string }): Member => ({
  ...{ userId, name, username, joinedAt, role: role as Role },
});

/** Returns the writes of a new team with its first member, an admin. The member's own item is written with them. */
export const newTeamWrites = (team: Team, admin: Omit<Member, "role" | "joinedAt">): Write[] => [
  TeamEntity.build(PutTransaction)
    .item({ ...team, members: 1, admins: 1 })
    .options({ condition: { attr: "id", exists: false } }),
  MemberEntity.build(PutTransaction).item({
    ...{ ...admin, teamId: team.id, role: "admin", joinedAt: team.createdAt },
  }),
];

const adminsBy = (role: Role | undefined): number => (role === "admin" ? 1 : 0);

/** Returns the writes that add a member. The first fails where there is no room. */
export const addMemberWrites = (teamId: string, member: Member, maxMembers: number): Write[] => [
  TeamEntity.build(UpdateTransaction)
    .item({ id: teamId, members: $add(1), admins: $add(adminsBy(member.role)) })
    .options({ condition: { attr: "members", lt: maxMembers } }),
  MemberEntity.build(PutTransaction)
    .item({ ...member, teamId })
    .options({ condition: { attr: "userId", exists: false } }),
];

/** Returns the writes that change a member's role, or remove them. The first fails where no admin would be left. */
export function changeMemberWrites(teamId: string, { userId, role: before }: Member, role: Role | undefined): Write[] {
  const admins = adminsBy(role) - adminsBy(before);
  const still = { condition: { attr: "role", eq: before } } as const;
  return [
    TeamEntity.build(UpdateTransaction)
      .item({ id: teamId, members: $add(role === undefined ? -1 : 0), admins: $add(admins) })
      .options({ condition: admins < 0 ? { attr: "admins", gt: 1 } : { attr: "admins", gte: 1 } }),
    role === undefined
      ? MemberEntity.build(DeleteTransaction).key({ teamId, userId }).options(still)
      : MemberEntity.build(UpdateTransaction).item({ teamId, userId, role }).options(still),
  ];
}

export const writeTeamName = (id: string, name: string): Promise<boolean> =>
  conditionHeld(
    TeamEntity.build(UpdateItemCommand)
      .item({ id, name })
      .options({ condition: { attr: "id", exists: true } })
      .send(),
  );
