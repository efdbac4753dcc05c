import { MESSAGE_KIND_TEXTS, newMessageId, newThreadId } from "@redline/core/threads/schema";
import { useRevalidator } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Lines } from "../editor/code-html";
import { RequestFailed } from "../http/fetch-json";
import type { PageFinding, ReviewPage } from "../review/page";
import type { SaveState } from "../review/use-saving";
import { useFailureToasts, useToast } from "../ui/toast";
import type { ConversationActionInput } from "./actions";
import type { MessageKind, OpenThread, PageMessage, PageThread } from "./page";
import { fetchThread, sendConversationAction } from "./send-action";
import { persistText } from "./use-persisted-text";
import { type ResolvedOnPage, useResolvedThreads } from "./use-resolved-threads";
import { useThread } from "./use-thread";
import { useThreadList } from "./use-thread-list";

/** The subject of a new thread: lines, a finding with its lines, or the whole file. */
export type Subject = { path: string; lines?: Lines; finding?: Pick<PageFinding, "identity" | "title"> };

/** A composer for a new thread. */
export type ComposerState = Subject & { text?: string; problem?: string };

export type ReplyMode = "reply" | "note";

export type MessageDraft = { text: string; messageKind: MessageKind; replyMode: ReplyMode };

/** A message being sent. */
export type SendingMessage = MessageDraft & { id: string; threadId: string; createdAt: string };

type Settings = {
  page: ReviewPage;
  /** The open thread's id. */
  thread: string | undefined;
  onThread: (id: string | undefined, at?: { replace?: boolean }) => void;
  saving: SaveState;
  /** Files with unsaved edits: a thread refers to stored code. */
  edited: ReadonlySet<string>;
  /** The composer requested by the URL. */
  first: ComposerState | null;
};

export type Conversation = {
  open: OpenThread | null;
  problem?: string;
  threads: readonly PageThread[];
  /** The session's resolved threads: their number, and loading them. */
  resolved: ResolvedOnPage & { count: number };
  sending: readonly SendingMessage[];
  composer: ComposerState | null;
  openComposer: (subject: Subject | null) => void;
  /** Opens a thread with its first message. */
  startThread: (subject: Subject, draft: MessageDraft) => Promise<void>;
  /** Adds a message to the open thread. Resolves to an error message. */
  postMessage: (draft: MessageDraft) => Promise<string | undefined>;
  /** Performs any other action. Resolves to an error message, which is also shown as a toast. */
  performAction: (input: ConversationActionInput) => Promise<string | undefined>;
  refresh: () => Promise<void>;
  loadEarlier: () => Promise<void>;
};

/** Returns the page's threads, the open one, and the conversation's actions. */
export function useConversation({ page, thread, onThread, saving, edited, first }: Settings): Conversation {
  const sessionId = page.session.id;
  const [startedThread, setStartedThread] = useState<PageThread | null>(null);
  const [sending, setSending] = useState<readonly SendingMessage[]>([]);
  const isUnsent =
    startedThread !== null && startedThread.id === thread && sending.some((each) => each.threadId === thread);
  const { open, problem, refresh, loadEarlier } = useThread(sessionId, thread, page.openThread, isUnsent);
  const [composing, setComposer] = useState<ComposerState | null>(first);
  const resolved = useResolvedThreads(sessionId, page.resolvedThreads);
  const { threads, resolvedHere, updateThread } = useThreadList(
    page.threads,
    resolved.threads,
    open?.thread,
    startedThread,
  );
  const { revalidate } = useRevalidator();
  const toast = useToast();
  const failures = useFailureToasts();
  const latest = useRef({ page, edited, thread });
  latest.current = { page, edited, thread };

  const removeSending = useCallback((id: string) => setSending((all) => all.filter((each) => each.id !== id)), []);

  const startThread = useCallback(
    async (subject: Subject, draft: MessageDraft) => {
      const threadId = newThreadId();
      const messageId = newMessageId();
      const createdAt = new Date().toISOString();
      const fail = (problem: string) => {
        setStartedThread(null);
        removeSending(messageId);
        onThread(undefined, { replace: true });
        setComposer({ ...subject, text: draft.text, problem });
      };
      setComposer(null);
      setStartedThread(buildThread(threadId, subject, draft, createdAt));
      setSending((all) => [...all, { ...draft, id: messageId, threadId, createdAt }]);
      onThread(threadId);
      try {
        const version = await resolveVersion(subject, latest.current, saving);
        if (typeof version === "string") return fail(version);
        const { path, lines, finding } = subject;
        await sendConversationAction(sessionId, {
          intent: "open-thread",
          ...{ threadId, messageId, path, version, ...draft, follows: true },
          ...(lines && { startLine: lines.first, endLine: lines.last }),
          ...(finding && { finding: finding.identity }),
        });
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        if (error.isRefused) revalidate();
        return fail(error.message);
      }
      persistText(composerKey(sessionId, subject), "");
      await refresh(true);
      removeSending(messageId);
      revalidate();
    },
    [sessionId, saving, onThread, refresh, revalidate, removeSending],
  );

  const postMessage = useCallback(
    async (draft: MessageDraft) => {
      const threadId = latest.current.thread;
      if (!threadId) return undefined;
      const message = { ...draft, id: newMessageId(), threadId, createdAt: new Date().toISOString() };
      setSending((all) => [...all, message]);
      try {
        await sendConversationAction(sessionId, {
          intent: "post",
          threadId,
          messageId: message.id,
          ...draft,
          follows: true,
        });
        await refresh(true);
        return undefined;
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        if (error.isRefused) revalidate();
        return error.message;
      } finally {
        removeSending(message.id);
      }
    },
    [sessionId, refresh, removeSending, revalidate],
  );

  const performAction = useCallback(
    async (input: ConversationActionInput) => {
      const action = [input.intent, input.threadId, "number" in input ? input.number : ""].join(" ");
      failures.clear(action);
      try {
        // Another attempt at a reply is followed as the first was.
        const isAttempt = input.intent === "continue" || input.intent === "retry";
        await sendConversationAction(sessionId, isAttempt ? { ...input, follows: true } : input);
        const now = await refresh(true);
        if (input.intent !== "resolve" && input.intent !== "reopen-thread") return undefined;
        if (now) updateThread(now.thread);
        if (input.intent === "reopen-thread") return undefined;
        onThread(undefined);
        const { threadId } = input;
        const reopen = async () => {
          await sendConversationAction(sessionId, { intent: "reopen-thread", threadId });
          updateThread((await fetchThread(sessionId, threadId)).thread);
        };
        const failed = (error: Error) => failures.show(`reopen-thread ${threadId}`, error.message);
        toast({ message: "Resolved.", action: { label: "Undo", run: () => void reopen().catch(failed) } });
        return undefined;
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        failures.show(action, error.message);
        if (error.isRefused) revalidate();
        return error.message;
      }
    },
    [sessionId, refresh, updateThread, toast, failures, onThread, revalidate],
  );

  // Until the server has it, a thread is what was sent.
  const shown = useMemo(
    (): OpenThread | null =>
      open ?? (startedThread && startedThread.id === thread ? { thread: startedThread, messages: [] } : null),
    [open, startedThread, thread],
  );
  const openComposer = useCallback(
    (subject: Subject | null) => {
      setComposer(subject);
      if (subject && latest.current.thread) onThread(undefined);
    },
    [onThread],
  );
  return {
    ...{
      open: shown,
      threads,
      resolved: { ...resolved, count: page.resolvedThreads.count + resolvedHere },
      sending,
      // One card is open at a time; what was written is kept for when the thread is closed.
      composer: thread ? null : composing,
      openComposer,
      startThread,
      postMessage,
      performAction,
      loadEarlier,
    },
    ...(problem && !isUnsent && { problem }),
    refresh: useCallback(async () => void (await refresh()), [refresh]),
  };
}

/** Returns the storage key of a composer's text. */
export function composerKey(sessionId: string, { path, lines, finding }: Subject): string {
  const where = finding ? finding.identity : lines ? `${lines.first}-${lines.last}` : "file";
  return `${sessionId}.${path}.${where}`;
}

/**
 * Returns the version that the selected lines belong to, saving pending edits first. Returns an error message when the
 * save fails or merged others' edits, as the lines may then differ.
 */
async function resolveVersion(
  { path, lines, finding }: Subject,
  { page, edited }: { page: ReviewPage; edited: ReadonlySet<string> },
  saving: SaveState,
): Promise<number | string> {
  if (!lines || finding || !edited.has(path)) return page.head.number;
  if (!(await saving.save())) return "Your edits couldn't be saved first. Your question is kept.";
  const saved = saving.last.current;
  if (saved?.merged) return "Your edits were merged with newer ones. Select the lines again; your question is kept.";
  return saved?.version ?? page.head.number;
}

function buildThread(id: string, subject: Subject, { text, messageKind }: MessageDraft, updatedAt: string): PageThread {
  const { path, lines, finding } = subject;
  return {
    ...{ id, path, status: "open", title: text.slice(0, 80) || MESSAGE_KIND_TEXTS[messageKind], count: 1, updatedAt },
    ...(lines && { lines, anchorState: "exact" as const }),
    ...(finding && { finding }),
  };
}

/** Returns a message being sent in the form that the thread shows. */
export function toPageMessage({ id, text, messageKind, createdAt }: SendingMessage, number: number): PageMessage {
  return {
    ...{ id, number, text: text || MESSAGE_KIND_TEXTS[messageKind], intent: messageKind, createdAt, isOwn: true },
    author: { kind: "user", id: "", name: "You" },
  };
}
