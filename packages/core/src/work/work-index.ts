import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { nowIso, nowSeconds } from "../platform/clock";
import { type DeadProcesses, isHeldBy } from "../platform/instance";
import { table } from "../platform/table";
import type { plainEntity } from "./attributes";
import type { WorkItem } from "./schema";

/** Seen from here every entity of work is like a plain one: what else its items hold passes through. */
export type AnyWorkEntity = ReturnType<typeof plainEntity>;

const FOREVER = 10 ** 10 - 1;

/** The index of the queued and the running items of one kind of work: its attributes and its queries. It may lag. */
export class WorkIndex<Item extends WorkItem> {
  constructor(private readonly entity: AnyWorkEntity) {}

  /** Returns a running item's attributes, with a lease that begins now. */
  running() {
    const leaseUntil = nowSeconds() + LIMITS.lease.seconds;
    return { leaseUntil, gsi2pk: this.partition("running"), gsi2sk: String(leaseUntil) };
  }

  /** Returns a queued item's attributes. */
  queued() {
    return { gsi2pk: this.partition("queued"), gsi2sk: nowIso() };
  }

  /** Returns work whose lease ends before then, at most 100: with `before` now, its workers died. Claiming decides. */
  queryRunning(before: number = FOREVER): Promise<Item[]> {
    return this.query("running", { range: { lt: String(before) } }, { limit: 100 });
  }

  /** Returns work that was never claimed, at most 100, the oldest first. */
  queryQueued(): Promise<Item[]> {
    return this.query("queued", {}, { limit: 100 });
  }

  /** Returns all work that these dead processes held. */
  async queryHeldBy(dead: DeadProcesses): Promise<Item[]> {
    const running = await this.query("running", {}, { maxPages: Number.POSITIVE_INFINITY });
    return running.filter(({ holder }) => isHeldBy(holder, dead));
  }

  private async query(
    status: "queued" | "running",
    range: { range?: { lt: string } },
    options: { limit?: number; maxPages?: number },
  ) {
    const { Items = [] } = await table
      .build(QueryCommand)
      .entities(this.entity)
      .query({ index: "gsi2", partition: this.partition(status), ...range })
      .options(options)
      .send();
    return Items as unknown as Item[];
  }

  private partition(status: "queued" | "running"): string {
    return `STATUS#${this.entity.entityName}#${status}`;
  }
}
