import { Link } from "@remix-run/react";
import { MessageSquarePlus } from "lucide-react";
import type { ReactNode } from "react";
import type { MarginItem } from "../review/margin-cards";
import { lazyHydrated } from "../ui/lazy-hydrated";
import { preloadMessageText } from "./message-text";
import type { PageThread } from "./page";
import { ThreadCard } from "./thread-card";
import type { Conversation } from "./use-conversation";

const ThreadBody = lazyHydrated(() => import("./thread-body").then((module) => module.ThreadBody));
const NewThread = lazyHydrated(() => import("./new-thread").then((module) => module.NewThreadCard));

/** Preloads the conversation's lazy components. */
export const preloadConversation = (): void => {
  for (const preload of [ThreadBody.preload, NewThread.preload, preloadMessageText]) preload().catch(() => {});
};

export const COMPOSER_KEY = "composer";

type MarginThreadsProps = {
  conversation: Conversation;
  /** The open file's path. */
  path: string;
  version: number;
  threadHref: (id: string) => string;
  onThread: (id: string | undefined) => void;
};

const isAnchored = ({ isFileGone, anchorState }: PageThread): boolean => !isFileGone && anchorState !== "outdated";

/** Returns the open file's anchored threads and the composer as margin items. */
export function buildThreadItems(props: MarginThreadsProps): MarginItem[] {
  const { conversation, path, version } = props;
  const { threads, open, composer } = conversation;
  const shown = threads.filter((thread) =>
    open?.thread.id === thread.id
      ? isAnchored(thread)
      : thread.path === path && thread.status === "open" && isAnchored(thread),
  );
  const items = shown.map((thread): MarginItem => {
    const line = thread.path === path ? (thread.lines?.first ?? 0) : 0;
    return { key: thread.id, line, node: (ref, spaceAbove) => renderCard(props, thread, { ref, spaceAbove }) };
  });
  if (!composer || composer.path !== path) return items;
  const composerItem: MarginItem = {
    key: COMPOSER_KEY,
    line: composer.lines?.first ?? 0,
    node: (ref, spaceAbove) => (
      <section ref={ref} className="thread" data-selected aria-label="New thread" style={{ marginTop: spaceAbove }}>
        <NewThread
          composer={composer}
          version={version}
          onSend={(draft) => conversation.startThread(composer, draft)}
          onCancel={() => conversation.openComposer(null)}
        />
      </section>
    ),
  };
  return [...items, composerItem];
}

type CardPlacement = { ref?: (element: HTMLElement | null) => void; spaceAbove?: number };

function renderCard(
  { conversation, path, threadHref, onThread }: MarginThreadsProps,
  thread: PageThread,
  at: CardPlacement,
) {
  const { open, sending, problem, loadEarlier } = conversation;
  const isOpen = open?.thread.id === thread.id;
  return (
    <ThreadCard
      key={thread.id}
      thread={thread}
      isElsewhere={thread.path !== path}
      isOpen={isOpen}
      href={threadHref(thread.id)}
      onOpen={() => onThread(isOpen ? undefined : thread.id)}
      {...at}
    >
      {isOpen && <ThreadBody open={open} sending={sending} problem={problem} onEarlier={loadEarlier} />}
    </ThreadCard>
  );
}

/** Links to a composer about the whole file. */
export function MarginHeader({ path, canAsk, onAsk }: { path: string; canAsk: boolean; onAsk: () => void }) {
  return (
    <Link
      className="margin-ask"
      to={`?${new URLSearchParams({ file: path, ask: "file" })}`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onAsk();
      }}
    >
      <MessageSquarePlus size={14} aria-hidden="true" /> {canAsk ? "Ask about this file" : "Note on this file"}
    </Link>
  );
}

/** Lists threads without an anchor in the code: outdated, of deleted files, and resolved. */
export function MarginFooter(props: MarginThreadsProps) {
  const { threads, open, path } = { ...props.conversation, path: props.path };
  const gone = threads.filter((thread) => !isAnchored(thread) && thread.status === "open");
  const resolved = threads.filter((thread) => {
    const isShown = open?.thread.id === thread.id && isAnchored(thread);
    return thread.status === "resolved" && !isShown && (thread.path === path || thread.isFileGone);
  });
  const group = (list: readonly PageThread[], words: string): ReactNode =>
    list.length > 0 && (
      <details className="margin-closed" open={list.some((thread) => thread.id === open?.thread.id) || undefined}>
        <summary>{words}</summary>
        {list.map((thread) => renderCard(props, thread, {}))}
      </details>
    );
  return (
    <>
      {group(gone, `${gone.length} about deleted code`)}
      {group(resolved, `${resolved.length} resolved`)}
    </>
  );
}
