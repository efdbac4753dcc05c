import type { Prompt } from "../ai/index";
import {
  CONTINUE_VERSION,
  type ContextFinding,
  type FileContext,
  generateBoundary,
  historyToSend,
  holdsBoundary,
  type LineRange,
  type PromptMessage,
  promptContextTexts,
  REPLY_VERSION,
  type Room,
  renderContinue,
  renderReplyPrompt,
  type SuggestionBase,
  type ToolName,
  usesTools,
} from "../ai/internal";
import type { ModelMessage, Task } from "../ai/schema";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import { readText, versionOf } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { listFindings } from "../review/index";
import { settingsOf } from "../settings/internal";
import { carryAnchor } from "../text/index";
import { historyOf, keepBoundary, taskOf } from "../threads/internal";
import type { Message, Reply, Thread } from "../threads/schema";
import type { ReplyTask } from "./task";

/** All that a model is asked, and what it may do: fixed before the first word, whatever its reply says. */
export type Question = {
  task: Task;
  /** Renders it for a model, within what that holds. Throws TOKEN_LIMIT_EXCEEDED. */
  prompt: (room: Room) => Prompt;
  promptVersion: string;
  /** Messages after the prompt: the reply so far, and the request to go on. */
  after: ModelMessage[];
  /** The tools it is offered: the same for all questions of a thread, as many servers put tools before the file. */
  tools: ToolName[];
  /** Its calls and its words may suggest changes. Not those of an explanation, which may show a patch that is none. */
  takesSuggestions: boolean;
  codebase: Codebase;
  /** The version that was shown, and what a change is proposed against. */
  version: number;
  tree: TreeEntry[];
  /** The scope of suggestions, by the part of the file that the model was shown. */
  base: (context: FileContext | undefined) => SuggestionBase;
  /** The file asked about. */
  path: string;
};

/** Findings given as evidence; more would only push out the code. */
const MAX_FINDINGS = 30;

/** Returns the question of a reply, with the messages before it. Throws MESSAGE_NOT_FOUND where it was deleted. */
export async function loadQuestion(task: ReplyTask): Promise<{ message: Message; history: Message[] }> {
  const history = historyToSend(await historyOf(task.thread.id, task.number - 1, LIMITS.thread.historySent));
  const message = history.find((each) => each.replyNumber === task.number);
  if (!message) throw new AppError("MESSAGE_NOT_FOUND", "The question was deleted before the reply started.");
  return { message, history };
}

/**
 * Puts together what a model is told: the file as it was when the question was posted, with the thread's lines, what the
 * built-in reviewer found on them, the last messages and the asker's own instructions.
 */
export async function prepareQuestion(
  actor: Actor,
  task: ReplyTask,
  { message, history }: { message: Message; history: Message[] },
): Promise<Question> {
  const { session, thread, textSoFar } = task;
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const { tree } = await versionOf(codebase, message.version);
  const entry = tree.find((each) => each.path === thread.path);
  if (!entry) {
    throw new AppError(
      "FILE_NOT_FOUND",
      `${thread.path.slice(0, 120)} is not in version ${message.version}, so there is nothing to read. Ask in a thread on another file.`,
    );
  }
  const text = await readText(codebase, entry);
  const [selection, findings, { instructions }] = await Promise.all([
    selectionIn(codebase, thread, message.version, text),
    findingsOn(actor, codebase, thread, entry),
    settingsOf(actor.userId),
  ]);
  const { path, language, hash } = entry;
  const messageKind = message.messageKind ?? "ask";
  const material = {
    files: [{ path, text, language, selection }],
    findings: findings.filter((finding) => overlaps(finding, selection)).slice(0, MAX_FINDINGS),
  };
  const messages = history.map((each) => toPromptMessage(each, message.author.id));
  const texts = [...promptContextTexts(material), ...messages.flatMap((each) => [each.name, each.text]), textSoFar];
  const boundary = await chooseBoundary(task, texts);
  const hasTools = usesTools(taskOf(messageKind));
  const prompt = (room: Room) =>
    renderReplyPrompt({ ...material, path, selection, history: messages, hasTools, instructions, boundary }, room);
  return {
    task: taskOf(messageKind),
    prompt,
    promptVersion: textSoFar ? CONTINUE_VERSION : REPLY_VERSION,
    after: textSoFar ? goingOn(textSoFar) : [],
    tools: ["propose_change"],
    takesSuggestions: messageKind !== "explain",
    codebase,
    version: message.version,
    tree,
    base: (context) => ({
      files: [{ path, text, hash, ...(context?.kind === "local" && { shown: linesOf(context) }) }],
      otherPaths: tree.map((each) => each.path).filter((other) => other !== path),
      mayAddFiles: true,
    }),
    path,
  };
}

const linesOf = ({ startLine, endLine }: FileContext) => ({ startLine, endLine });

/** Returns how much of the file a reply is about, as stored with the reply. */
export const contextOfReply = (path: string, context: FileContext): Reply["context"] => ({
  kind: context.kind,
  path,
  ...(context.kind === "local" && linesOf(context)),
});

/**
 * The thread's boundary: the same for each of its questions, so that a server that keeps what it has read can go on from
 * there. A thread that has none gets one, and one whose boundary came into a text gets another.
 */
async function chooseBoundary({ thread, boundary }: ReplyTask, texts: readonly string[]): Promise<string> {
  if (boundary !== undefined && !holdsBoundary(texts, boundary)) return boundary;
  const drawn = generateBoundary(texts);
  const kept = await keepBoundary(thread, boundary, drawn);
  return kept !== undefined && !holdsBoundary(texts, kept) ? kept : drawn;
}

/** The model sees the words so far as its own, and is asked for the rest. */
const goingOn = (textSoFar: string): ModelMessage[] => [
  { role: "assistant", text: textSoFar },
  { role: "user", text: renderContinue() },
];

const toPromptMessage = (
  { author, text, number, messageKind, replyNumber }: Message,
  askerId: string,
): PromptMessage => ({
  number,
  ...(replyNumber !== undefined && { messageKind: messageKind ?? "ask" }),
  by: author.kind === "reviewer" ? "reviewer" : author.kind === "user" && author.id === askerId ? "asker" : "other",
  name: author.name,
  text: text ?? "",
});

/** The thread's lines in the text that is shown; none where the thread is about the file, or its lines are not there. */
async function selectionIn(
  codebase: Codebase,
  thread: Thread,
  version: number,
  text: string,
): Promise<LineRange | undefined> {
  const { anchor } = thread;
  if (!anchor || anchor.state === "outdated") return undefined;
  if (thread.version === version) return { startLine: anchor.startLine, endLine: anchor.endLine };
  const { tree } = await versionOf(codebase, thread.version);
  const entry = tree.find((each) => each.path === thread.path);
  if (!entry) return undefined;
  const carried = carryAnchor(anchor, await readText(codebase, entry), text);
  return carried.state === "outdated" ? undefined : { startLine: carried.startLine, endLine: carried.endLine };
}

/**
 * Returns the built-in reviewer's findings on exactly the text that is shown; nothing while that text has not been
 * reviewed.
 */
async function findingsOn(
  actor: Actor,
  codebase: Codebase,
  thread: Thread,
  entry: TreeEntry,
): Promise<ContextFinding[]> {
  const head = codebase.tree.find((each) => each.path === entry.path);
  if (head?.hash !== entry.hash) return [];
  const all = await listFindings(actor, { sessionId: thread.sessionId });
  return all.filter(
    (finding) =>
      finding.source === "builtin" &&
      finding.path === entry.path &&
      finding.anchorState !== "outdated" &&
      finding.decision === undefined,
  );
}

const overlaps = (finding: LineRange, selection: LineRange | undefined): boolean =>
  !selection || (finding.startLine <= selection.endLine && finding.endLine >= selection.startLine);
