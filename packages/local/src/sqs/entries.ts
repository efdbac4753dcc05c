/** Requests about up to ten messages, each with its own result. */
import type { StoreOperation } from "../store";
import { SqsError } from "./errors";
import type { Queue } from "./queue";
import type { Request, Result, SqsService } from "./service";
import { textOf } from "./text-of";

const BATCH_LIMIT_ENTRIES = 10;

/** The result of one entry, and what it takes to make it true. */
export interface Done {
  result: Result;
  operations: StoreOperation[];
}

/** Entries fail one by one; those that succeed are one batch of the store. */
export async function eachEntry(
  { queues, store }: SqsService,
  request: Request,
  perform: (queue: Queue, entry: Request) => Done,
): Promise<Result> {
  const queue = queues.byUrl(request.QueueUrl);
  const successful: Result[] = [];
  const failed: Result[] = [];
  const operations: StoreOperation[] = [];
  for (const entry of entriesOf(request)) {
    try {
      const done = perform(queue, entry);
      operations.push(...done.operations);
      successful.push({ Id: entry.Id, ...done.result });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  await store.batch(operations);
  return {
    ...(successful.length > 0 ? { Successful: successful } : {}),
    ...(failed.length > 0 ? { Failed: failed } : {}),
  };
}

/** @throws {SqsError} when there are too few, too many, or two of one id */
export function entriesOf({ Entries }: Request): Request[] {
  const entries = (Array.isArray(Entries) ? Entries : []) as Request[];
  const problem = (code: string, message: string) => new SqsError(code, message, `AWS.SimpleQueueService.${code}`);
  if (entries.length === 0) throw problem("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > BATCH_LIMIT_ENTRIES)
    throw problem("TooManyEntriesInBatchRequest", `Maximum number of entries per request are ${BATCH_LIMIT_ENTRIES}.`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw problem("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(textOf(Id))))
    throw problem(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  return entries;
}
