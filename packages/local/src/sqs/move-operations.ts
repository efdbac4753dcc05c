/** Moving messages between a queue and its dead-letter queue, in both directions. */
import { randomUUID } from "node:crypto";
import type { StoreOperation } from "../store";
import { noSuchResource } from "./errors";
import type { Message } from "./message";
import type { Queue } from "./queue";
import { type Operation, whole } from "./service";

/** @param source the ARN that the message is to remember as the one it came from */
export function move(message: Message, from: Queue, to: Queue, sequence: number, source?: string): StoreOperation[] {
  const moved: Message = {
    ...message,
    sequence,
    visibleAtMs: Date.now(),
    receipt: undefined,
    deadLetterSource: source,
    ...(source === undefined ? { receives: 0, firstReceivedAtMs: undefined, sentAtMs: Date.now() } : {}),
  };
  return [from.remove(message), to.add(moved)];
}

/** Moves what is visible in a dead-letter queue back to where it came from, or to another queue. */
export const startMessageMoveTask: Operation = async ({ queues, store, moves }, { SourceArn, DestinationArn }) => {
  const source = queues.byArn(SourceArn);
  if (!source || (DestinationArn !== undefined && !queues.byArn(DestinationArn))) throw noSuchResource();
  const operations: StoreOperation[] = [];
  const { messages } = source.visible(Date.now(), Number.POSITIVE_INFINITY);
  let moved = 0;
  for (const message of messages) {
    const destination = queues.byArn(DestinationArn ?? message.deadLetterSource);
    if (!destination || destination === source) continue;
    operations.push(...move(message, source, destination, queues.sequence()));
    moved++;
  }
  await store.batch(operations);
  const task = {
    TaskHandle: randomUUID(),
    Status: "COMPLETED",
    SourceArn: source.arn,
    DestinationArn,
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: messages.length,
    StartedTimestamp: Date.now(),
  };
  moves.set(source.arn, [task, ...(moves.get(source.arn) ?? [])].slice(0, 10));
  return { TaskHandle: task.TaskHandle };
};

export const listMessageMoveTasks: Operation = async ({ queues, moves }, { SourceArn, MaxResults }) => {
  const source = queues.byArn(SourceArn);
  if (!source) throw noSuchResource();
  return { Results: (moves.get(source.arn) ?? []).slice(0, whole(MaxResults, "MaxResults", 1, 1, 10)) };
};
