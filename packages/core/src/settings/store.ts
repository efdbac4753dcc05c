import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { $remove, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { item, number, string } from "dynamodb-toolbox/schema";
import { entityDefaults } from "../platform/table";
import type { Settings } from "./schema";

const SettingsEntity = new Entity({
  ...entityDefaults,
  name: "settings",
  schema: item({
    userId: string().key(),
    instructions: string().optional(),
    dailyTokens: number().optional(),
    v: number().default(1),
  }),
  computeKey: ({ userId }: { userId: string }) => ({ pk: `USER#${userId}`, sk: "SETTINGS" }),
});

export async function readSettings(userId: string): Promise<Settings> {
  const { Item } = await SettingsEntity.build(GetItemCommand).key({ userId }).options({ consistent: true }).send();
  return { instructions: Item?.instructions ?? "", dailyTokens: Item?.dailyTokens ?? null };
}

/** Writes one setting and leaves the others, so that two windows don't undo each other's. */
export async function writeSetting(userId: string, setting: Partial<Settings>): Promise<void> {
  const { instructions, dailyTokens } = setting;
  await SettingsEntity.build(UpdateItemCommand)
    .item({
      userId,
      v: 1,
      ...(instructions !== undefined && { instructions: instructions === "" ? $remove() : instructions }),
      ...(dailyTokens !== undefined && { dailyTokens: dailyTokens ?? $remove() }),
    })
    .send();
}
