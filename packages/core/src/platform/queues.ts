/** Queues as an operator sees them: which there are, and how much is in them. */
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { sqs } from "./clients";
import { resources } from "./resources";

/** The queues whose workers exist; the others of a stage wait for theirs. */
const WORKED = new Set(["review"]);

/** `inFlight` are held by a worker, or were by one that died; they come back when their time is up. */
export type QueueCounts = { waiting: number; inFlight: number };

/** Returns this stage's queues, those with a worker first. */
export function queueNames(): string[] {
  return Object.keys(resources.Queues.queues).toSorted((a, b) => Number(hasWorker(b)) - Number(hasWorker(a)));
}

export const hasWorker = (name: string): boolean => WORKED.has(name);

/** Returns the URLs of a queue and its dead letters. Throws for a name that is not one of this stage's. */
export function queueAt(name: string): { url: string; deadUrl: string } {
  const queue = Object.hasOwn(resources.Queues.queues, name) ? resources.Queues.queues[name] : undefined;
  if (!queue) throw new Error("There is no such queue.");
  return queue;
}

export async function queueCounts(name: string): Promise<{ jobs: QueueCounts; dead: QueueCounts }> {
  const { url, deadUrl } = queueAt(name);
  const [jobs, dead] = await Promise.all([countsOf(url), countsOf(deadUrl)]);
  return { jobs, dead };
}

async function countsOf(QueueUrl: string): Promise<QueueCounts> {
  const { Attributes = {} } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
      ],
    }),
  );
  const count = (text = "0") => Number(text);
  return {
    waiting: count(Attributes.ApproximateNumberOfMessages) + count(Attributes.ApproximateNumberOfMessagesDelayed),
    inFlight: count(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}
