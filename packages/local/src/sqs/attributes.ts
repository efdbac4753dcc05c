/** The settings of a queue, as SQS names them: strings, with defaults and bounds. */
import { SqsError } from "./errors";

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

/** @throws {SqsError} InvalidAttributeName, InvalidAttributeValue */
export function newAttributes(queueName: string, given: Record<string, string>): QueueAttributes {
  const isFifo = queueName.endsWith(".fifo");
  if ((given.FifoQueue === "true") !== isFifo)
    throw new SqsError("InvalidAttributeValue", "The name of a FIFO queue, and of no other, ends in .fifo.");
  return { ...DEFAULTS, ...checked(given) };
}

/** An empty text takes a policy away. @throws {SqsError} InvalidAttributeName, InvalidAttributeValue */
export function changedAttributes(before: QueueAttributes, given: Record<string, string>): QueueAttributes {
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

function checked(given: Record<string, string>): Partial<QueueAttributes> {
  for (const [name, value] of Object.entries(given)) {
    const bounds = BOUNDS[name];
    if (!bounds && !TEXTS.has(name)) throw new SqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    const number = Number(value);
    const fits = bounds ? Number.isInteger(number) && number >= bounds[0] && number <= bounds[1] : true;
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
