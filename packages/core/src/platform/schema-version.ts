import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { AppError } from "../errors";
import { dynamo } from "./clients";
import { resources } from "./resources";

/** The version of stored data that code writes, and the oldest that it still reads. */
export type SupportedVersions = { reads: number; writes: number };

/**
 * The data version this code reads and writes. When raising `writes`, add a migration (`migrations.ts`). It reads 1 so that
 * a new stage, whose table says nothing, is served at once: items of versions 1 to 3 were on laptops only, where they
 * are migrated before anything is served.
 */
export const CODE: SupportedVersions = { reads: 1, writes: 4 };

/** The versions that stored items may be of: two of them from the moment a migration begins until it has ended. */
export type DataVersions = { oldest: number; newest: number };

export const SCHEMA_KEY = { pk: "SYSTEM", sk: "SCHEMA" } as const;
/** Data that says nothing is as it was before anything was migrated. */
const FIRST: DataVersions = { oldest: 1, newest: 1 };

export async function dataVersions(): Promise<DataVersions> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: resources.Table.name, Key: SCHEMA_KEY, ConsistentRead: true }),
  );
  return Item ? { oldest: Number(Item.oldest), newest: Number(Item.newest) } : FIRST;
}

const LOOK_AGAIN_MS = 60_000;

let known: { untilMs: number; checked: Promise<void> } | undefined;

/**
 * Throws DATABASE_ERROR where this code must not touch what is stored. Looks when a process begins its work, then at most
 * once a minute, one read unit each time; while the table can't be read, what was seen last holds.
 */
export function assertDataVersionSupported(nowMs = Date.now()): Promise<void> {
  const before = known;
  if (before && nowMs < before.untilMs) return before.checked;
  const checked = dataVersions().then(assertVersionsSupported, (error) => {
    if (before) return before.checked;
    known = undefined;
    throw error;
  });
  known = { untilMs: nowMs + LOOK_AGAIN_MS, checked };
  return checked;
}

/** Throws DATABASE_ERROR where this code must not touch data of these versions. */
export function assertVersionsSupported(data: DataVersions): void {
  if (!supports(CODE, data)) throw new AppError("DATABASE_ERROR", unsupportedVersionMessage(CODE, data));
}

/**
 * Returns whether code supports data of these versions: a commit that is rolled back to may not, nor one that is far too
 * new.
 */
export const supports = (code: SupportedVersions, { oldest, newest }: DataVersions): boolean =>
  code.reads <= oldest && newest <= code.writes;

/** Returns the message for an operator when the data's version is not supported. */
export function unsupportedVersionMessage(code: SupportedVersions, { oldest, newest }: DataVersions): string {
  const data = oldest === newest ? `version ${oldest}` : `versions ${oldest} to ${newest}`;
  return `The stored data is of ${data}, and this Redline knows ${code.reads} to ${code.writes}. Nothing was changed; start the one that wrote it.`;
}
