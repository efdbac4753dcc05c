import { INTENT_WORDS, newMessageId, newThreadId } from "@redline/core/threads/schema";
import { useRevalidator } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Lines } from "../editor/code-html";
import type { PageFinding, ReviewPage } from "../review/page";
import type { Saving } from "../review/use-saving";
import { useToast } from "../ui/toast";
import type { TalkInput } from "./acts";
import { keepText } from "./kept-text";
import type { Intent, OpenThread, PageMessage, PageThread } from "./page";
import { fetchThread, sendTalk, TalkFailed } from "./send-talk";
import { useThread } from "./use-thread";
import { useThreadList } from "./use-thread-list";

/** What a new thread is to be about: lines, a finding with its lines, or the whole file. */
export type Subject = { path: string; lines?: Lines; finding?: Pick<PageFinding, "identity" | "title"> };

/** A composer for a new thread. */
export type Composing = Subject & { text?: string; problem?: string };

export type Wanted = "answer" | "note";

export type Posted = { text: string; about: Intent; wanted: Wanted };

/** A message on its way. */
export type SendingMessage = Posted & { id: string; threadId: string; createdAt: string };

type Settings = {
  page: ReviewPage;
  /** The open thread's id. */
  thread: string | undefined;
  onThread: (id: string | undefined, at?: { replace?: boolean }) => void;
  saving: Saving;
  /** Files with edits that are not saved: a thread is about code that is stored. */
  edited: ReadonlySet<string>;
  /** What the address asks to write about. */
  first: Composing | null;
};

export type Conversation = {
  open: OpenThread | null;
  problem?: string;
  threads: readonly PageThread[];
  sending: readonly SendingMessage[];
  composing: Composing | null;
  compose: (subject: Subject | null) => void;
  /** Opens a thread with its first message. */
  begin: (subject: Subject, posted: Posted) => Promise<void>;
  /** Adds a message to the open thread; gives what went wrong. */
  post: (posted: Posted) => Promise<string | undefined>;
  /** Anything else; gives what went wrong, which is shown as well. */
  act: (input: TalkInput) => Promise<string | undefined>;
  refresh: () => Promise<void>;
  loadEarlier: () => Promise<void>;
};

/** Threads of a page and the one that is open: what is shown of them and what can be done. */
export function useConversation({ page, thread, onThread, saving, edited, first }: Settings): Conversation {
  const sessionId = page.session.id;
  const [begun, setBegun] = useState<PageThread | null>(null);
  const [sending, setSending] = useState<readonly SendingMessage[]>([]);
  const isUnsent = begun !== null && begun.id === thread && sending.some((each) => each.threadId === thread);
  const { open, problem, refresh, loadEarlier } = useThread(sessionId, thread, page.openThread, isUnsent);
  const [composing, setComposing] = useState<Composing | null>(first);
  const { threads, note } = useThreadList(page.threads, open?.thread, begun);
  const { revalidate } = useRevalidator();
  const toast = useToast();
  const latest = useRef({ page, edited, thread });
  latest.current = { page, edited, thread };

  const done = useCallback((id: string) => setSending((all) => all.filter((each) => each.id !== id)), []);

  const begin = useCallback(
    async (subject: Subject, posted: Posted) => {
      const threadId = newThreadId();
      const messageId = newMessageId();
      const createdAt = new Date().toISOString();
      const fail = (problem: string) => {
        setBegun(null);
        done(messageId);
        onThread(undefined, { replace: true });
        setComposing({ ...subject, text: posted.text, problem });
      };
      setComposing(null);
      setBegun(threadFor(threadId, subject, posted, createdAt));
      setSending((all) => [...all, { ...posted, id: messageId, threadId, createdAt }]);
      onThread(threadId);
      try {
        const version = await versionToAskAbout(subject, latest.current, saving);
        if (typeof version === "string") return fail(version);
        const { path, lines, finding } = subject;
        await sendTalk(sessionId, {
          intent: "open-thread",
          ...{ threadId, messageId, path, version, ...posted, follows: true },
          ...(lines && { startLine: lines.first, endLine: lines.last }),
          ...(finding && { finding: finding.identity }),
        });
      } catch (error) {
        if (!(error instanceof TalkFailed)) throw error;
        return fail(error.message);
      }
      keepText(composerPlace(sessionId, subject), "");
      await refresh(true);
      done(messageId);
      revalidate();
    },
    [sessionId, saving, onThread, refresh, revalidate, done],
  );

  const post = useCallback(
    async (posted: Posted) => {
      const threadId = latest.current.thread;
      if (!threadId) return undefined;
      const message = { ...posted, id: newMessageId(), threadId, createdAt: new Date().toISOString() };
      setSending((all) => [...all, message]);
      try {
        await sendTalk(sessionId, { intent: "post", threadId, messageId: message.id, ...posted, follows: true });
        await refresh(true);
        return undefined;
      } catch (error) {
        if (!(error instanceof TalkFailed)) throw error;
        return error.message;
      } finally {
        done(message.id);
      }
    },
    [sessionId, refresh, done],
  );

  const act = useCallback(
    async (input: TalkInput) => {
      try {
        // Another attempt at an answer is followed as the first was.
        const isAttempt = input.intent === "continue" || input.intent === "retry";
        await sendTalk(sessionId, isAttempt ? { ...input, follows: true } : input);
        const now = await refresh(true);
        if (input.intent !== "resolve" && input.intent !== "reopen-thread") return undefined;
        if (now) note(now.thread);
        if (input.intent === "reopen-thread") return undefined;
        onThread(undefined);
        const { threadId } = input;
        const reopen = async () => {
          await sendTalk(sessionId, { intent: "reopen-thread", threadId });
          note((await fetchThread(sessionId, threadId)).thread);
        };
        const failed = (error: Error) => toast({ message: error.message, tone: "error" });
        toast({ message: "Resolved.", action: { label: "Undo", run: () => void reopen().catch(failed) } });
        return undefined;
      } catch (error) {
        if (!(error instanceof TalkFailed)) throw error;
        toast({ message: error.message, tone: "error" });
        return error.message;
      }
    },
    [sessionId, refresh, note, toast, onThread],
  );

  // Until the server has it, a thread is what was sent.
  const shown = useMemo(
    (): OpenThread | null => open ?? (begun && begun.id === thread ? { thread: begun, messages: [] } : null),
    [open, begun, thread],
  );
  const compose = useCallback((subject: Subject | null) => setComposing(subject), []);
  return {
    ...{ open: shown, threads, sending, composing, compose, begin, post, act, loadEarlier },
    ...(problem && !isUnsent && { problem }),
    refresh: useCallback(async () => void (await refresh()), [refresh]),
  };
}

/** Names what a composer is for, where its text is kept. */
export function composerPlace(sessionId: string, { path, lines, finding }: Subject): string {
  const where = finding ? finding.identity : lines ? `${lines.first}-${lines.last}` : "file";
  return `${sessionId}.${path}.${where}`;
}

/**
 * The version whose lines were meant. What is typed is saved first; where that merged others' edits in, the lines may
 * not be the ones that were selected, and then it says so.
 */
async function versionToAskAbout(
  { path, lines, finding }: Subject,
  { page, edited }: { page: ReviewPage; edited: ReadonlySet<string> },
  saving: Saving,
): Promise<number | string> {
  if (!lines || finding || !edited.has(path)) return page.head.number;
  if (!(await saving.save())) return "What you typed could not be saved first. Your question is kept here.";
  const saved = saving.last.current;
  if (saved?.merged)
    return "Your edits were merged with newer ones. Select the lines again; your question is kept here.";
  return saved?.version ?? page.head.number;
}

function threadFor(id: string, subject: Subject, { text, about }: Posted, updatedAt: string): PageThread {
  const { path, lines, finding } = subject;
  return {
    ...{ id, path, status: "open", title: text.slice(0, 80) || INTENT_WORDS[about], count: 1, updatedAt },
    ...(lines && { lines, place: "exact" as const }),
    ...(finding && { finding }),
  };
}

/** A message that is on its way, as the thread will show it. */
export function asMessage({ id, text, about, createdAt }: SendingMessage, number: number): PageMessage {
  return {
    ...{ id, number, text: text || INTENT_WORDS[about], intent: about, createdAt, isOwn: true },
    author: { kind: "user", id: "", name: "You" },
  };
}
