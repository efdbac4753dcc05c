/** Opens threads and posts messages, each with its place in the code and the reply that it requests. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { cleanPath, readText, versionOf } from "../codebases/internal";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { listFindings } from "../review/index";
import type { Session } from "../sessions/schema";
import { createAnchor } from "../text/index";
import { inThread, load, onHead } from "./in-session";
import { messageTextOf, open, post } from "./posting";
import { requireResponder } from "./responder";
import { MESSAGE_KINDS, type Message, messageIdSchema, type Thread, type ThreadFinding } from "./schema";
import type { StoredThread } from "./store";

const line = v.pipe(v.number("Enter line numbers."), v.integer(), v.minValue(1));
/**
 * Without `wantsReply` the message is a note. Empty text stands for the message kind's default text. `follows`:
 * the client follows the reply's log right away.
 */
const posted = {
  id: messageIdSchema,
  text: v.string(),
  messageKind: v.optional(v.picklist(MESSAGE_KINDS), "ask"),
  wantsReply: v.optional(v.boolean(), true),
  follows: v.optional(v.boolean(), false),
};

/**
 * Opens a thread with its first message, on lines or on a whole file, of the head or of an older version. `finding` names
 * the finding it is opened from, whose lines it takes where none are given. Sent again with the same ids, it has one effect.
 */
export const openThread = operation(
  "threads.open",
  "threads.write",
  v.object({
    ...inThread,
    path: v.pipe(v.string(), v.transform(cleanPath)),
    startLine: v.optional(line),
    endLine: v.optional(line),
    version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    finding: v.optional(v.pipe(v.string(), v.maxLength(100))),
    message: v.object(posted),
  }),
  async (actor, input): Promise<{ thread: Thread; message: Message }> => {
    messageTextOf(input.message);
    const { session, codebase } = await load(actor, input.sessionId);
    const from = input.finding ? await findingOf(actor, session, input.finding) : undefined;
    const version = input.version ?? codebase.number;
    const startLine = input.startLine ?? (version === codebase.number ? from?.startLine : undefined);
    const endLine = input.endLine ?? (input.startLine ? input.startLine : from?.endLine);
    const place = await createThreadAnchor(
      codebase,
      version,
      input.path,
      startLine && { startLine, endLine: endLine ?? startLine },
    );
    const about = { id: input.threadId, path: input.path, version, ...place, finding: from?.finding };
    if (input.message.wantsReply) await requireResponder(actor, session, about, input.message.messageKind);
    const opened = await open(actor, session, codebase, about, input.message);
    return { thread: await onHead(codebase, opened.thread), message: opened.message };
  },
);

type FromFinding = { finding: ThreadFinding; startLine: number; endLine: number };

async function findingOf(actor: Actor, session: Session, identity: string): Promise<FromFinding> {
  const found = (await listFindings(actor, { sessionId: session.id })).find((each) => each.identity === identity);
  if (!found) throw new AppError("FINDING_NOT_FOUND", "That finding was not found. Its code may have changed.");
  const { rule, severity, title, explanation, source, startLine, endLine } = found;
  return { finding: { identity, rule, severity, title, explanation, source }, startLine, endLine };
}

/** Returns where a thread points: lines of a version's file, or the whole file. Throws FILE_NOT_FOUND. */
export async function createThreadAnchor(
  codebase: Codebase,
  version: number,
  path: string,
  lines: { startLine: number; endLine: number } | 0 | undefined,
): Promise<Pick<StoredThread, "fileHash" | "anchor">> {
  const tree = version === codebase.number ? codebase.tree : (await versionOf(codebase, version)).tree;
  const entry = tree.find((each) => each.path === path);
  if (!entry) throw new AppError("FILE_NOT_FOUND", `Version ${version} has no file "${path.slice(0, 120)}".`);
  if (!lines) return { fileHash: entry.hash };
  try {
    const anchor = createAnchor(await readText(codebase, entry), lines.startLine, lines.endLine);
    return { fileHash: entry.hash, anchor };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError("INVALID_INPUT", `${error.message} Choose lines that are there.`, { field: "startLine" });
  }
}

/** Adds a message and, with `wantsReply`, a pending reply to it. Idempotent by the message's id. */
export const postMessage = operation(
  "threads.post",
  "threads.write",
  v.object({ ...inThread, ...posted }),
  async (actor, input): Promise<Message> => {
    messageTextOf(input);
    const { session, codebase } = await load(actor, input.sessionId);
    return post(actor, session, codebase, input.threadId, input);
  },
);
