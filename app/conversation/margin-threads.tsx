import { Link } from "@remix-run/react";
import { MessageSquarePlus } from "lucide-react";
import { useEffect } from "react";
import type { MarginItem } from "../review/margin-cards";
import { lazyHydrated } from "../ui/lazy-hydrated";
import { preloadMessageText } from "./message-text";
import type { PageThread } from "./page";
import { ThreadCard } from "./thread-card";
import type { Conversation } from "./use-conversation";

const ThreadBody = lazyHydrated(() => import("./thread-body").then((module) => module.ThreadBody));
const NewThread = lazyHydrated(() => import("./new-thread").then((module) => module.NewThreadCard));

/** Loads the conversation's lazy components once they are likely to be wanted. */
export function usePreloadedConversation(isLikely: boolean): void {
  useEffect(() => {
    if (!isLikely) return;
    for (const preload of [ThreadBody.preload, NewThread.preload, preloadMessageText]) preload().catch(() => {});
  }, [isLikely]);
}

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
  const { threads, open } = props.conversation;
  const gone = threads.filter((thread) => !isAnchored(thread) && thread.status === "open");
  const isOpen = gone.some((thread) => thread.id === open?.thread.id);
  return (
    <>
      {gone.length > 0 && (
        <details className="margin-closed" open={isOpen || undefined}>
          <summary>{`${gone.length} about deleted code`}</summary>
          {gone.map((thread) => renderCard(props, thread, {}))}
        </details>
      )}
      <ResolvedThreads {...props} />
    </>
  );
}

/** Lists the session's resolved threads: counted at first, loaded when it is unfolded. */
function ResolvedThreads(props: MarginThreadsProps) {
  const { threads, open, resolved } = props.conversation;
  const { count, hasMore, nextCursor, isLoading, problem, load } = resolved;
  const shown = threads.filter(
    (thread) => thread.status === "resolved" && !(thread.id === open?.thread.id && isAnchored(thread)),
  );
  if (count <= 0) return null;
  const isUnfolded = resolved.threads.length > 0 || shown.some((thread) => thread.id === open?.thread.id);
  const href = `?${new URLSearchParams({ file: props.path, resolved: nextCursor ?? "" })}`;
  return (
    <details
      className="margin-closed"
      open={isUnfolded || undefined}
      onToggle={({ currentTarget }) => currentTarget.open && resolved.threads.length === 0 && !isLoading && void load()}
    >
      <summary>{`${count} resolved in this session`}</summary>
      {shown.map((thread) => renderCard(props, thread, {}))}
      {problem && (
        <p className="margin-note" role="alert">
          {problem}
        </p>
      )}
      {hasMore && (
        <a
          className="margin-fold"
          href={href}
          aria-busy={isLoading}
          onClick={(event) => {
            event.preventDefault();
            if (!isLoading) void load();
          }}
        >
          {isLoading ? "Loading…" : shown.length > 0 ? "Show more resolved threads" : "Show resolved threads"}
        </a>
      )}
    </details>
  );
}
