/**
 * Internal endpoints in addition to the DynamoDB API, for the processes of the laptop and for tests:
 *
 * - `GET /_redline/stream?consumer=&after=&waitMs=&limit=&table=&having=` returns `{records, next}` as soon as there are
 *   records, or after `waitMs` without any. Records have the shape of a Lambda event's; `having` names an attribute that
 *   their new items must have. Without `after` it goes on from what the consumer acknowledged.
 * - `POST /_redline/stream/ack {consumer, sequence}` says that everything up to `sequence` (a `next`) is done.
 * - `PUT /_redline/faults` sets the fault mode to the body, `DELETE` switches it off.
 */
import type { FaultConfig } from "../faults";
import type { Context } from "./context";
import { DynamoDbError } from "./errors";
import { shownRecord } from "./streams";

export const INTERNAL_PATH = "/_redline/";
const DEFAULT_CONSUMER = "workers";
const MAX_RECORDS = 1_000;
const MAX_WAIT_MS = 30_000;

export async function performInternal(
  context: Context,
  method: string,
  url: URL,
  body: unknown,
  gone: AbortSignal,
): Promise<Record<string, unknown>> {
  switch (`${method} ${url.pathname}`) {
    case "GET /_redline/stream":
      return readStream(context, url.searchParams, gone);
    case "POST /_redline/stream/ack": {
      const { consumer = DEFAULT_CONSUMER, sequence } = body as { consumer?: string; sequence?: number };
      if (!Number.isSafeInteger(sequence)) throw new DynamoDbError("ValidationException", "sequence must be a number");
      await context.streams.acknowledge(consumer, Number(sequence));
      return {};
    }
    case "PUT /_redline/faults":
      context.faults.set(body as FaultConfig);
      return {};
    case "DELETE /_redline/faults":
      context.faults.set(undefined);
      return {};
  }
  throw new DynamoDbError("UnknownOperationException", `No such verb: ${method} ${url.pathname}`, {}, 404);
}

async function readStream({ streams, faults }: Context, query: URLSearchParams, gone: AbortSignal) {
  const number = (name: string, whenAbsent: number, most: number) =>
    Math.min(most, Number(query.get(name) ?? whenAbsent) || 0);
  const from = query.get("after");
  const after = from === null ? await streams.checkpoint(query.get("consumer") ?? DEFAULT_CONSUMER) : Number(from) || 0;
  const until = Date.now() + number("waitMs", 0, MAX_WAIT_MS);
  const limit = Math.max(1, number("limit", 100, MAX_RECORDS));
  const filter = { tableName: query.get("table") ?? undefined, having: query.get("having") ?? undefined };
  let position = after;
  for (;;) {
    const { records, lookedUpTo } = await streams.read(position, limit, filter);
    position = lookedUpTo;
    if (records.length > 0 || Date.now() >= until || gone.aborted) {
      const shown = records.map((record) => ({ ...shownRecord(record), eventSourceARN: record.streamArn }));
      const itemOf = (record: Record<string, unknown>) =>
        JSON.stringify([record.eventSourceARN, (record.dynamodb as { Keys: unknown }).Keys]);
      const twice = faults.duplicated(shown, "dynamodb", "Stream");
      return { records: faults.reordered(twice, "dynamodb", "Stream", itemOf), next: position };
    }
    await streams.wait(position, until - Date.now(), gone);
  }
}
