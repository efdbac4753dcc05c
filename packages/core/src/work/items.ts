import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { $add, $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { nowIso, nowSeconds } from "../platform/clock";
import { packed } from "../platform/compressed-json";
import { conditionHeld, isConditionFailed } from "../platform/conditions";
import { newId } from "../platform/ids";
import { type DeadProcesses, instanceId, isHeldBy } from "../platform/instance";
import { type OutboxJob, outboxAttributes } from "../platform/outbox";
import { entityDefaults, table } from "../platform/table";
import { type EndedStatus, type Held, WORK_STATUSES, type WorkItem, type WorkStatus } from "./schema";

/** What an entity has to declare so that its items can be worked on; see `WorkItem`. */
export const workAttributes = {
  status: string().enum(...WORK_STATUSES),
  userId: string(),
  epoch: number().optional(),
  claimId: string().optional(),
  attempts: number().optional(),
  leaseUntil: number().optional(),
  holder: string().optional(),
  isCancelRequested: boolean().optional(),
  memo: any().transform(packed).optional(),
  finishedAt: string().optional(),
  failure: string().optional(),
  announceId: string().optional(),
  announce: any().optional(),
  gsi2pk: string().optional(),
  gsi2sk: string().optional(),
};

/** Items of work that no other domain's item stands for, in the partition of their session. */
const plainEntity = (kind: string) =>
  new Entity({
    ...entityDefaults,
    name: `work:${kind}`,
    schema: item({
      sessionId: string().key(),
      id: string().key(),
      requestedAt: string(),
      input: any(),
      ...workAttributes,
      v: number().default(1),
    }),
    computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
      pk: `SESSION#${sessionId}`,
      sk: `WORK#${kind}#${id}`,
    }),
  });

/** Seen from here every entity of work is like this one: what else its items hold passes through. */
type AnyWorkEntity = ReturnType<typeof plainEntity>;

export type WorkKey = { sessionId: string; id: string };

/** States from which work can be taken, besides being stalled. */
export type Claimable = { isNew?: boolean; from: WorkStatus[] };

const FOREVER = 10 ** 10 - 1;
const leaseEnd = () => nowSeconds() + LIMITS.lease.seconds;
const NO_LEASE = { leaseUntil: $remove(), holder: $remove(), gsi2pk: $remove(), gsi2sk: $remove() };

type Fields = Record<string, unknown>;

/** Only what the key says: `key` may be a whole item. */
const keyOf = ({ sessionId, id }: WorkKey): WorkKey => ({ sessionId, id });

const isStalled = () => ({
  and: [
    { attr: "status" as const, eq: "running" as const },
    { attr: "leaseUntil" as const, lt: nowSeconds() },
  ],
});

const canBeTaken = ({ isNew, from }: Claimable) => ({
  or: [
    ...(isNew ? [{ attr: "status" as const, exists: false as const }] : []),
    ...(from.length > 0 ? [{ attr: "status" as const, in: from as [WorkStatus] }] : []),
    isStalled(),
  ],
});

/** Of an item from before there were epochs, that it has none. */
const isHeldAt = (epoch: number | undefined) => ({
  and: [
    { attr: "status" as const, eq: "running" as const },
    epoch === undefined ? { attr: "epoch" as const, exists: false as const } : { attr: "epoch" as const, eq: epoch },
  ],
});

/**
 * The items of one kind of work: claimed under a lease, renewed, saved and ended by whoever holds it, handed on, listed.
 * Every write is conditional: of two workers, or of one that was taken for dead, one alone can store anything.
 */
export class WorkItems<Item extends WorkKey & WorkItem> {
  private readonly entity: AnyWorkEntity;
  private readonly partition: string;

  /**
   * @param entity declares `workAttributes`, and has `sessionId` and `id` as its key
   * @param jobOf the job that has an item worked on
   */
  constructor(
    entity: { entityName: string },
    readonly jobOf: (work: Item) => OutboxJob,
  ) {
    this.entity = entity as AnyWorkEntity;
    this.partition = `STATUS#${entity.entityName}#running`;
  }

  async read(key: WorkKey): Promise<Item | undefined> {
    const { Item } = await this.entity.build(GetItemCommand).key(keyOf(key)).options({ consistent: true }).send();
    return Item as Item | undefined;
  }

  /** Writes an item as queued, which asks for its job; false when it is in another state than those of `where`. */
  queue(work: Omit<Item, "status">, where: Claimable): Promise<boolean> {
    const queued = { ...work, status: "queued" as const };
    const attributes = { ...queued, ...outboxAttributes(this.jobOf(queued as unknown as Item)) } as Fields;
    const put = this.entity.build(PutItemCommand).item(attributes as never);
    return conditionHeld(put.options({ condition: canBeTaken(where) }).send());
  }

  /** Takes the lease; undefined where the work has ended or somebody else is at it. `fields` are written with it. */
  async claim(key: WorkKey, where: Claimable, fields: Fields = {}): Promise<Held<Item> | undefined> {
    const claimId = newId("req");
    const update = this.update({
      ...{ ...keyOf(key), ...fields, ...this.lease(), claimId },
      ...{ status: "running", epoch: $add(1), attempts: $add(1), holder: instanceId() ?? $remove() },
      ...{ failure: $remove(), finishedAt: $remove(), announceId: $remove(), announce: $remove() },
    });
    try {
      const claimed = await update.options({ condition: canBeTaken(where), returnValues: "ALL_NEW" }).send();
      return claimed.Attributes as Held<Item> | undefined;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      // It also fails for a claim that was written and is sent again because the answer to it was lost.
      const stored = await this.read(key);
      return stored?.claimId === claimId ? (stored as Held<Item>) : undefined;
    }
  }

  /** Renews the lease, and stores `fields`. Returns false when the work was taken from us: then nothing is stored. */
  save({ epoch, ...key }: Held<Item>, fields: Fields = {}): Promise<boolean> {
    const update = this.update({ ...keyOf(key), ...fields, ...this.lease() });
    return conditionHeld(update.options({ condition: isHeldAt(epoch) }).send());
  }

  /** When it ended; undefined when the work was taken from us, and then nothing is stored. */
  async end(held: Held<Item>, status: EndedStatus, fields: Fields = {}): Promise<string | undefined> {
    const { epoch, claimId, ...key } = held;
    const finishedAt = nowIso();
    const update = this.update({
      ...{ ...keyOf(key), ...fields, ...NO_LEASE, status, finishedAt },
      ...{ attempts: $remove(), isCancelRequested: $remove() },
    });
    if (await conditionHeld(update.options({ condition: isHeldAt(epoch) }).send())) return finishedAt;
    // It also fails for an end that was written and is sent again because the answer to it was lost.
    const stored = await this.read(key);
    return stored?.claimId === claimId && stored.status === status ? stored.finishedAt : undefined;
  }

  /**
   * Lets go of work so that another worker continues with it: giving it up asks for that in the same write.
   * @param counts whether the worker may have died of the work itself
   */
  handBack(work: Item, { counts, fields = {} }: { counts: boolean; fields?: Fields }): Promise<boolean> {
    const { announceId, announce } = outboxAttributes(this.jobOf(work));
    const update = this.update({
      ...{ ...keyOf(work), ...fields, ...NO_LEASE, status: "queued" },
      ...{ ...(!counts && { attempts: $add(-1) }), announceId, announce: $set(announce) },
    });
    return conditionHeld(update.options({ condition: isHeldAt(work.epoch) }).send());
  }

  /** Ends work that nobody is at; false when somebody is, or it has ended. */
  cancelIdle(key: WorkKey): Promise<boolean> {
    const update = this.update({
      ...{ ...keyOf(key), ...NO_LEASE, status: "cancelled", finishedAt: nowIso(), epoch: $add(1) },
    });
    return conditionHeld(update.options({ condition: canBeTaken({ from: ["queued"] }) }).send());
  }

  /** Tells whoever works on it to stop; false when nobody does any more. */
  requestCancel(key: WorkKey): Promise<boolean> {
    const update = this.update({ ...keyOf(key), isCancelRequested: true });
    return conditionHeld(update.options({ condition: { attr: "status", eq: "running" } }).send());
  }

  /** Work whose lease ends before then, at most 100: by now its worker died. The index may lag: claiming decides. */
  queryRunning(before: number = FOREVER): Promise<Item[]> {
    return this.query({ range: { lt: String(before) } }, { limit: 100 });
  }

  /** All that these dead processes held. */
  async queryHeldBy(dead: DeadProcesses): Promise<Item[]> {
    const running = await this.query({}, { maxPages: Number.POSITIVE_INFINITY });
    return running.filter(({ holder }) => isHeldBy(holder, dead));
  }

  private async query(range: { range?: { lt: string } }, options: { limit?: number; maxPages?: number }) {
    const { Items = [] } = await table
      .build(QueryCommand)
      .entities(this.entity)
      .query({ index: "gsi2", partition: this.partition, ...range })
      .options(options)
      .send();
    return Items as unknown as Item[];
  }

  private lease() {
    const leaseUntil = leaseEnd();
    return { leaseUntil, gsi2pk: this.partition, gsi2sk: String(leaseUntil) };
  }

  private update(fields: Fields) {
    return this.entity.build(UpdateItemCommand).item(fields as never);
  }
}

/** An item of work with nothing to it but its input. */
export type PlainWork<Input> = WorkKey & WorkItem & { requestedAt: string; input: Input };

/** Items of a kind that has none of its own; what its job says is the item's key and `userId`. */
export const plainWorkItems = <Input>(kind: string): WorkItems<PlainWork<Input>> =>
  new WorkItems<PlainWork<Input>>(plainEntity(kind), ({ sessionId, id, userId }) => ({ kind, sessionId, id, userId }));
