/** A message as stored, as received, and the digests that the SDKs check. */
import { createHash } from "node:crypto";
import { LOCAL_ACCOUNT } from "../credentials";
import { invalidParameter, SqsError, unknownAttribute } from "./errors";
import { textOf } from "./text-of";

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  /** Base64. */
  BinaryValue?: string;
}

export type MessageAttributes = Record<string, MessageAttribute>;

export interface Message {
  /** Its place in the queue and, with the queue's name, its row. */
  sequence: number;
  id: string;
  body: string;
  attributes: MessageAttributes;
  /** The trace that the message belongs to. */
  traceHeader?: string;
  /** FIFO queues, and fair ones. */
  groupId?: string;
  deduplicationId?: string;
  sentAtMs: number;
  visibleAtMs: number;
  receives: number;
  firstReceivedAtMs?: number;
  /** The receipt of the last receive; only its holder may delete the message or hide it longer. */
  receipt?: string;
  /** The ARN of the queue whose receives ran out. */
  deadLetterSource?: string;
}

export interface ReceivedMessage {
  MessageId: string;
  ReceiptHandle: string;
  MD5OfBody: string;
  Body: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: MessageAttributes;
  MD5OfMessageAttributes?: string;
}

export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");

/** Over names, types and values in the order of the names, each with its length; undefined when there are none. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (value: string | Buffer) => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue = "", BinaryValue = "" } = attributes[name] ?? { DataType: "" };
    const isBinary = DataType.startsWith("Binary");
    add(name);
    add(DataType);
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    add(isBinary ? Buffer.from(BinaryValue, "base64") : StringValue);
  }
  return hash.digest("hex");
}

/** Returns the bytes that count against the size limit. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = "", BinaryValue = "" }]) =>
      sum + [name, DataType, StringValue, BinaryValue].reduce((all, text) => all + Buffer.byteLength(text), 0),
    Buffer.byteLength(body),
  );
}

/** @throws {SqsError} */
export function checkContent(body: unknown, attributes: MessageAttributes, limitBytes: number): asserts body is string {
  if (typeof body !== "string" || body === "")
    throw new SqsError("MissingParameter", "The request must contain the parameter MessageBody.");
  if (messageBytes(body, attributes) > limitBytes)
    throw invalidParameter(`Message must be shorter than ${limitBytes} bytes.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body))
    throw new SqsError("InvalidMessageContents", "Invalid characters were found in the message body.");
  if (Object.keys(attributes).length > 10)
    throw invalidParameter("The number of message attributes exceeds the allowed maximum of 10.");
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType ?? ""))
      throw invalidParameter(`The type of message (user) attribute '${name}' is invalid.`);
    if (!(DataType.startsWith("Binary") ? BinaryValue : StringValue))
      throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value.`);
  }
}

/** The one attribute of the system's that a sender may set. @throws {SqsError} */
export function traceHeaderOf(attributes: MessageAttributes): string | undefined {
  for (const [name, { DataType, StringValue }] of Object.entries(attributes)) {
    if (name !== "AWSTraceHeader") throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
    if (DataType !== "String" || !StringValue)
      throw invalidParameter("The message system attribute 'AWSTraceHeader' must be a non-empty string.");
  }
  return attributes.AWSTraceHeader?.StringValue;
}

const SYSTEM_NAMES = [
  "All",
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
  "SequenceNumber",
  "MessageDeduplicationId",
  "MessageGroupId",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
];

/** @throws {SqsError} InvalidAttributeName for what no message says of itself */
export function checkSystemNames(names: readonly string[]): void {
  const unknown = names.find((name) => !SYSTEM_NAMES.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
}

/** @throws {SqsError} when a group's or a deduplication id is too long or has other characters than AWS takes */
export function checkId(name: string, id: unknown): void {
  if (id === undefined || /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/.test(textOf(id))) return;
  throw invalidParameter(`${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`);
}

/** @param receipt the handle of this receive */
export function received(
  message: Message,
  receipt: string,
  systemNames: string[],
  attributeNames: string[],
): ReceivedMessage {
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => systemNames.includes("All") || systemNames.includes(name),
  );
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => attributeNames.some((wanted) => isWanted(name, wanted))),
  );
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(digest ? { MessageAttributes: attributes, MD5OfMessageAttributes: digest } : {}),
  };
}

function systemAttributes(message: Message): Record<string, string> {
  const optional: Record<string, string | undefined> = {
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.deduplicationId && sequenceText(message.sequence),
    DeadLetterQueueSourceArn: message.deadLetterSource,
    AWSTraceHeader: message.traceHeader,
  };
  return {
    SenderId: LOCAL_ACCOUNT,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
    ...Object.fromEntries(
      Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

function isWanted(name: string, wanted: string): boolean {
  if (wanted === "All" || wanted === ".*") return true;
  return wanted.endsWith(".*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

export const sequenceText = (sequence: number): string => String(sequence).padStart(20, "0");
