import { EventEmitter } from "node:events";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { $add, $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { AppError } from "../errors";
import { nowIso, nowSeconds } from "../platform/clock";
import { conditionHeld, isConditionFailed } from "../platform/dynamo-errors";
import { newId } from "../platform/ids";
import { instanceId } from "../platform/instance";
import { type OutboxJob, outboxAttributes } from "../platform/outbox";
import { retryOnConflict } from "../platform/transaction";
import { type EndedStatus, type Held, hasEnded, type WorkItem, type WorkStatus } from "./schema";
import { type AnyWorkEntity, WorkIndex } from "./work-index";

export type WorkKey = { sessionId: string; id: string };

/** States from which work can be taken, besides being stalled; `epoch`: unless it was claimed since it was read. */
export type Claimable = { isNew?: boolean; from: readonly WorkStatus[]; epoch?: number };

const NO_LEASE = { leaseUntil: $remove(), holder: $remove(), gsi2pk: $remove(), gsi2sk: $remove() };

type Fields = Record<string, unknown>;

/** Only what the key says: `key` may be a whole item. */
const pickKey = ({ sessionId, id }: WorkKey): WorkKey => ({ sessionId, id });

const eventName = ({ sessionId, id }: WorkKey): string => `${sessionId} ${id}`;

const isRunning = { attr: "status" as const, eq: "running" as const };
const hasLapsed = () => ({ and: [isRunning, { attr: "leaseUntil" as const, lt: nowSeconds() }] });

/** The condition for an item's epoch; an item from before there were epochs has none. */
const isAt = (epoch: number | undefined) =>
  epoch === undefined ? { attr: "epoch" as const, exists: false as const } : { attr: "epoch" as const, eq: epoch };

const isHeldAt = (epoch: number | undefined) => ({ and: [isRunning, isAt(epoch)] });

/** Sends a conditional write; false where its condition did not hold. */
const tryWrite = (command: { send(): Promise<unknown> }): Promise<boolean> =>
  conditionHeld(retryOnConflict(() => command.send()));

/**
 * The items of one kind of work: claimed under a lease, renewed, saved and ended by its holder, handed on.
 * Every write is conditional: of two workers, or of one that was presumed dead, only one can store anything.
 */
export class WorkItems<Item extends WorkKey & WorkItem> {
  private readonly entity: AnyWorkEntity;
  private readonly cancelled = new EventEmitter().setMaxListeners(0);
  /** Lists what is queued and what is running. */
  readonly index: WorkIndex<Item>;
  /** True when another worker continues where one died; else such work is ended as interrupted, by `takeOver`. */
  readonly isResumable: boolean;

  /**
   * @param entity declares `workAttributes`, and has `sessionId` and `id` as its key
   * @param jobOf the job that has an item worked on
   */
  constructor(
    entity: { entityName: string },
    readonly jobOf: (work: Item) => OutboxJob,
    { isResumable = true } = {},
  ) {
    this.entity = entity as AnyWorkEntity;
    this.index = new WorkIndex(this.entity);
    this.isResumable = isResumable;
  }

  async read(key: WorkKey): Promise<Item | undefined> {
    const { Item } = await this.entity.build(GetItemCommand).key(pickKey(key)).options({ consistent: true }).send();
    return Item as Item | undefined;
  }

  /** Writes an item as queued, which asks for its job; false when it is in another state than those of `where`. */
  queue(work: Omit<Item, "status">, where: Claimable, delaySeconds = 0): Promise<boolean> {
    const put = this.entity.build(PutItemCommand).item(this.queued(work, delaySeconds) as never);
    return tryWrite(put.options({ condition: this.canBeTaken(where) }));
  }

  /** An item as it is written when its work is asked for, in whatever write; its job is hidden for `delaySeconds`. */
  queued(work: Omit<Item, "status">, delaySeconds = 0): Fields {
    const item = { ...work, status: "queued" as const } as unknown as Item;
    const job = { ...this.jobOf(item), ...(delaySeconds > 0 && { delaySeconds }) };
    return { ...item, ...outboxAttributes(job), ...this.index.queued() };
  }

  /** Takes the lease; undefined where the work has ended or another worker holds it. `fields` are written with it. */
  claim(key: WorkKey, where: Claimable, fields: Fields = {}): Promise<Held<Item> | undefined> {
    return this.take(key, this.canBeTaken(where), fields);
  }

  /** Takes the lease from a worker that died; undefined where the work was claimed since `stalled` was read, or has ended. */
  takeOver(stalled: Item): Promise<Held<Item> | undefined> {
    return this.take(stalled, isHeldAt(stalled.epoch));
  }

  private async take(
    key: WorkKey,
    condition: ReturnType<typeof this.canBeTaken> | ReturnType<typeof isHeldAt>,
    fields: Fields = {},
  ) {
    const claimId = newId("req");
    const update = this.update({
      ...{ ...pickKey(key), ...fields, ...this.index.running(), claimId },
      ...{ status: "running", epoch: $add(1), attempts: $add(1), holder: instanceId() ?? $remove() },
      ...{ failure: $remove(), finishedAt: $remove(), outboxId: $remove(), outboxJob: $remove() },
    });
    const command = update.options({ condition, returnValues: "ALL_NEW" });
    try {
      return (await retryOnConflict(() => command.send())).Attributes as Held<Item> | undefined;
    } catch (error) {
      // The response may be lost after the write; where the write was sent again, its condition failed.
      const stored = await this.read(key);
      if (stored?.claimId === claimId) return stored as Held<Item>;
      if (!isConditionFailed(error)) throw error;
      return undefined;
    }
  }

  /** Renews the lease, and stores `fields`. Returns false when the work was taken from us: then nothing is stored. */
  save({ epoch, ...key }: Held<Item>, fields: Fields = {}): Promise<boolean> {
    const update = this.update({ ...pickKey(key), ...fields, ...this.index.running() });
    return tryWrite(update.options({ condition: isHeldAt(epoch) }));
  }

  /** Ends the work. Returns the time; undefined when the lease was lost, and then nothing is stored. */
  async end(held: Held<Item>, status: EndedStatus, fields: Fields = {}): Promise<string | undefined> {
    const { epoch, claimId, ...key } = held;
    const finishedAt = nowIso();
    const update = this.update({
      ...{ ...pickKey(key), ...fields, ...NO_LEASE, status, finishedAt },
      ...{ attempts: $remove(), isCancelRequested: $remove() },
    });
    const isWritten = tryWrite(update.options({ condition: isHeldAt(epoch) }));
    const outcome = await isWritten.catch((error: unknown) => ({ error }));
    if (outcome === true) return finishedAt;
    // The response may be lost after the write; where the write was sent again, its condition failed.
    const stored = await this.read(key);
    if (stored?.claimId === claimId && stored.status === status) return stored.finishedAt;
    if (outcome !== false) throw outcome.error;
    return undefined;
  }

  /**
   * Lets go of work so that another worker continues with it: giving it up asks for that in the same write.
   * @param counts whether the worker may have died of the work itself
   */
  handBack(work: Item, { counts, fields = {} }: { counts: boolean; fields?: Fields }): Promise<boolean> {
    const { outboxId, outboxJob } = outboxAttributes(this.jobOf(work));
    const update = this.update({
      ...{ ...pickKey(work), ...fields, ...NO_LEASE, ...this.index.queued(), status: "queued" },
      ...{ ...(!counts && { attempts: $add(-1) }), outboxId, outboxJob: $set(outboxJob) },
    });
    return tryWrite(update.options({ condition: isHeldAt(work.epoch) }));
  }

  /**
   * Cancels work. Queued work ends at once; a running worker is notified within a second or, in this process, at once.
   * Returns the effect; undefined for work that does not exist or has ended. Throws DATABASE_ERROR when it keeps
   * changing hands.
   */
  async cancel(key: WorkKey): Promise<"ended" | "requested" | undefined> {
    // Between two writes it may move on once (claimed, or ended), so a second look settles it.
    for (let look = 1; look <= 3; look += 1) {
      if (await this.cancelIdle(key)) return "ended";
      if (await this.requestCancel(key)) return "requested";
      const stored = await this.read(key);
      if (!stored || hasEnded(stored)) return undefined;
    }
    throw new AppError("DATABASE_ERROR", "It could not be cancelled. Try again.");
  }

  /** Calls `listener` when work is cancelled in this process. Returns how to listen no more. */
  onCancel(key: WorkKey, listener: () => void): () => void {
    const name = eventName(key);
    this.cancelled.on(name, listener);
    return () => void this.cancelled.off(name, listener);
  }

  private cancelIdle(key: WorkKey): Promise<boolean> {
    const update = this.update({
      ...{ ...pickKey(key), ...NO_LEASE, status: "cancelled", finishedAt: nowIso(), epoch: $add(1) },
      ...{ outboxId: $remove(), outboxJob: $remove() },
    });
    return tryWrite(update.options({ condition: this.canBeTaken({ from: ["queued"] }) }));
  }

  private async requestCancel(key: WorkKey): Promise<boolean> {
    const update = this.update({ ...pickKey(key), isCancelRequested: true });
    if (!(await tryWrite(update.options({ condition: isRunning })))) return false;
    this.cancelled.emit(eventName(key));
    return true;
  }

  private canBeTaken({ isNew, from, epoch }: Claimable) {
    const isIn = { attr: "status" as const, in: from as [WorkStatus] };
    return {
      or: [
        ...(isNew ? [{ attr: "status" as const, exists: false as const }] : []),
        ...(from.length > 0 ? [epoch === undefined ? isIn : { and: [isIn, isAt(epoch)] }] : []),
        ...(this.isResumable ? [hasLapsed()] : []),
      ],
    };
  }

  private update(fields: Fields) {
    return this.entity.build(UpdateItemCommand).item(fields as never);
  }
}
