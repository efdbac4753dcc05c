/** The settings of a queue, as SQS names them: strings, with defaults and bounds. */
import { SqsError, unknownAttribute } from "./errors";

/** Seconds and bytes as decimal text. */
export interface QueueAttributes {
  DelaySeconds: string;
  MaximumMessageSize: string;
  MessageRetentionPeriod: string;
  ReceiveMessageWaitTimeSeconds: string;
  VisibilityTimeout: string;
  /** JSON: `{deadLetterTargetArn, maxReceiveCount}`. */
  RedrivePolicy?: string;
  RedriveAllowPolicy?: string;
  Policy?: string;
  SqsManagedSseEnabled?: string;
  FifoQueue?: string;
  ContentBasedDeduplication?: string;
  FifoThroughputLimit?: string;
  DeduplicationScope?: string;
}

const DEFAULTS: QueueAttributes = {
  DelaySeconds: "0",
  MaximumMessageSize: String(1024 * 1024),
  MessageRetentionPeriod: String(4 * 86_400),
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  SqsManagedSseEnabled: "true",
};

const BOUNDS: Record<string, [least: number, most: number]> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1_024, 1024 * 1024],
  MessageRetentionPeriod: [60, 14 * 86_400],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 12 * 3_600],
};

const TEXTS = new Set([
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "Policy",
  "SqsManagedSseEnabled",
  "FifoQueue",
  "ContentBasedDeduplication",
  "FifoThroughputLimit",
  "DeduplicationScope",
]);

/** Settings that standard queues do not have. */
const FIFO_ONLY = ["FifoQueue", "ContentBasedDeduplication", "FifoThroughputLimit", "DeduplicationScope"] as const;

const VALUES: Record<string, readonly string[]> = {
  FifoQueue: ["true"],
  ContentBasedDeduplication: ["true", "false"],
  SqsManagedSseEnabled: ["true", "false"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
  DeduplicationScope: ["queue", "messageGroup"],
};

/** Read-only attributes of a queue. */
const MEASURED = [
  "All",
  "QueueArn",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
];
/** Settings of AWS that the laptop has no use for: they may be asked for, and are not there. */
const UNUSED = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];

/** @throws {SqsError} InvalidAttributeName for a name that no queue has */
export function checkAttributeNames(names: readonly string[]): void {
  const known = (name: string) => name in BOUNDS || TEXTS.has(name) || MEASURED.includes(name) || UNUSED.includes(name);
  const unknown = names.find((name) => !known(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
}

/** @throws {SqsError} InvalidAttributeName, InvalidAttributeValue */
export function newAttributes(queueName: string, given: Record<string, string>): QueueAttributes {
  const isFifo = queueName.endsWith(".fifo");
  if ((given.FifoQueue === "true") !== isFifo)
    throw new SqsError("InvalidAttributeValue", "The name of a FIFO queue, and of no other, ends in .fifo.");
  refuseOtherType(given, isFifo);
  return { ...DEFAULTS, ...checked(given) };
}

/** An empty text takes a policy away. @throws {SqsError} InvalidAttributeName, InvalidAttributeValue */
export function changedAttributes(before: QueueAttributes, given: Record<string, string>): QueueAttributes {
  refuseOtherType(given, before.FifoQueue === "true");
  const after: QueueAttributes = { ...before, ...checked(given) };
  for (const name of ["RedrivePolicy", "RedriveAllowPolicy", "Policy"] as const)
    if (after[name] === "") delete after[name];
  return after;
}

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export function redrivePolicy({ RedrivePolicy }: QueueAttributes): RedrivePolicy | undefined {
  if (!RedrivePolicy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

function refuseOtherType(given: Record<string, string>, isFifo: boolean): void {
  const other = isFifo ? undefined : FIFO_ONLY.find((name) => given[name] !== undefined);
  if (other) throw unknownAttribute(other);
}

function checked(given: Record<string, string>): Partial<QueueAttributes> {
  for (const [name, value] of Object.entries(given)) {
    const bounds = BOUNDS[name];
    if (!bounds && !TEXTS.has(name)) throw unknownAttribute(name);
    const number = Number(value);
    const fits = bounds
      ? /^\d{1,9}$/.test(value) && number >= bounds[0] && number <= bounds[1]
      : (VALUES[name]?.includes(value) ?? true);
    if (!fits || (name === "RedrivePolicy" && value !== "" && !isRedrivePolicy(value)))
      throw new SqsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
  }
  return given;
}

function isRedrivePolicy(text: string): boolean {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text);
    return (
      /^arn:aws:sqs:/.test(deadLetterTargetArn) && Number(maxReceiveCount) >= 1 && Number(maxReceiveCount) <= 1_000
    );
  } catch {
    return false;
  }
}
