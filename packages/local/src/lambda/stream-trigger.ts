/**
 * Gives the table's changes to a function, in the order of the commits, as Lambda's event source mapping does: filtered,
 * in batches that are halved when they fail, each record tried five times and then set aside with its reason.
 */
import { Backoff } from "@redline/core/backoff";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { CloudClient } from "./cloud-client";
import type { FailureReport, Outcome } from "./handler";
import { InFlightTracker, pause, retryForever } from "./in-flight";

const ATTEMPTS = 5;
const POLL_MS = 20_000;
const READ_LIMIT = 200;
const LONGEST_PAUSE_MS = 60_000;
/** The attribute that says that an item's write must cause something. */
const ANNOUNCING_ATTRIBUTE = "outboxId";

export interface StreamTriggerOptions {
  client: CloudClient;
  /** The consumer whose place in the stream is kept; the function's name. */
  consumer: string;
  /** All tables when absent. */
  table?: string;
  batchSize: number;
  invoke: (event: DynamoDBStreamEvent) => Promise<Outcome>;
  /** Between two attempts at one record, doubled each time. */
  retryDelayMs: number;
  /** Keeps a record that failed for good. Until it has succeeded the stream stands still. */
  setAside: (record: DynamoDBRecord, failure: FailureReport, attempts: number) => Promise<void>;
}

export class StreamTrigger {
  readonly activity = new InFlightTracker();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private acknowledged: number | undefined;

  constructor(private readonly options: StreamTriggerOptions) {}

  start(): void {
    this.loop = retryForever("reading the table's stream", () => this.read(), this.stopping.signal);
  }

  /** Finishes the batch that runs and begins no other. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** True when every change has been worked on. */
  async isDrained(): Promise<boolean> {
    const { client, consumer, table } = this.options;
    const { records } = await client.changes(consumer, { table, having: ANNOUNCING_ATTRIBUTE, limit: 1, waitMs: 0 });
    return records.length === 0;
  }

  private async read(): Promise<void> {
    const { client, consumer, table } = this.options;
    const reading = { table, having: ANNOUNCING_ATTRIBUTE, limit: READ_LIMIT, waitMs: POLL_MS };
    const { records, next } = await client.changes(consumer, reading, this.stopping.signal);
    const done = records.length === 0 || (await this.activity.track(this.work(records)));
    // Unfinished, all of them come again at the next start: at least once is what is promised.
    if (!done || next === this.acknowledged) return;
    await client.acknowledge(consumer, next);
    this.acknowledged = next;
  }

  /** @returns false when it was stopped before the end */
  private async work(records: DynamoDBRecord[]): Promise<boolean> {
    for (let first = 0; first < records.length; first += this.options.batchSize) {
      if (this.stopping.signal.aborted) return false;
      if (!(await this.give(records.slice(first, first + this.options.batchSize)))) return false;
    }
    return true;
  }

  /** Records before the first failed one are done. The others are halved until what fails stands alone. */
  private async give(batch: DynamoDBRecord[]): Promise<boolean> {
    const backoff = new Backoff(this.options.retryDelayMs, LONGEST_PAUSE_MS);
    let left = batch;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.options.invoke({ Records: left });
      const failedAt = firstFailure(outcome, left);
      if (failedAt === undefined) return true;
      left = left.slice(failedAt);
      if (this.stopping.signal.aborted) return false;
      const [record] = left;
      if (left.length > 1) {
        const middle = Math.ceil(left.length / 2);
        return (await this.give(left.slice(0, middle))) && (await this.give(left.slice(middle)));
      }
      if (record && attempt >= ATTEMPTS) {
        await this.options.setAside(record, failureOf(outcome), attempt);
        return true;
      }
      await pause(backoff.nextMs(), this.stopping.signal);
    }
  }
}

/** The place of the first record that is not done; undefined when all are. */
function firstFailure(outcome: Outcome, records: DynamoDBRecord[]): number | undefined {
  if (!outcome.ok) return 0;
  const named = (outcome.result as Partial<DynamoDBBatchResponse> | null)?.batchItemFailures ?? [];
  if (named.length === 0) return undefined;
  const places = named.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === itemIdentifier),
  );
  // A name that is none of ours makes the whole batch fail, as on AWS.
  return Math.max(0, Math.min(...places));
}

function failureOf(outcome: Outcome): FailureReport {
  if (!outcome.ok) return outcome.failure;
  return { errorType: "PartialFailure", errorMessage: "The function named the record as failed.", trace: [] };
}
