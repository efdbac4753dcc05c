import { BatchWriteCommand as SendBatch, type BatchWriteCommandInput as SendBatchInput } from "@aws-sdk/lib-dynamodb";
import { BatchWriteCommand } from "dynamodb-toolbox/table/actions/batchWrite";
import { AppError } from "../errors";
import { dynamo } from "./clients";
import { retryUntilDefined } from "./retry";
import { table } from "./table";

const command = () => table.build(BatchWriteCommand);
type Request = Parameters<ReturnType<typeof command>["requests"]>[number];

const PAGE = 25;
const WHEN_THROTTLED = { attempts: 10, firstPauseMs: 80, longestPauseMs: 20_000 };

/**
 * Writes any number of puts and deletes. Not atomic: only for items that may be written twice. Throws DATABASE_ERROR
 * when the table keeps refusing.
 */
export async function batchWriteAll(requests: Request[]): Promise<void> {
  for (let at = 0; at < requests.length; at += PAGE) {
    const page = command().requests(...requests.slice(at, at + PAGE));
    await sendBatch(page.params());
  }
}

/** Deletes any number of items, under the same terms. */
export async function batchDeleteAll(keys: { pk: string; sk: string }[]): Promise<void> {
  for (let at = 0; at < keys.length; at += PAGE) {
    const deletes = keys.slice(at, at + PAGE).map((Key) => ({ DeleteRequest: { Key } }));
    await sendBatch({ [table.getName()]: deletes });
  }
}

/** Sends requests, and those again that the table left unprocessed. */
async function sendBatch(requests: SendBatchInput["RequestItems"]): Promise<void> {
  let left = requests;
  const isDone = await retryUntilDefined(async () => {
    left = (await dynamo().send(new SendBatch({ RequestItems: left }))).UnprocessedItems;
    return Object.keys(left ?? {}).length === 0 || undefined;
  }, WHEN_THROTTLED);
  if (!isDone) throw new AppError("DATABASE_ERROR", "The database is too busy. Try again in a minute.");
}
