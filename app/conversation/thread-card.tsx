import { MESSAGE_KIND_TEXTS } from "@redline/core/threads/schema";
import { MessageSquare } from "lucide-react";
import { forwardRef, type ReactNode } from "react";
import { CodeText } from "../ui/code-text";
import { anchorLabel, lineRangeLabel, type PageThread } from "./page";

type ThreadCardProps = {
  thread: PageThread;
  isOpen: boolean;
  /** It is about another file than the one that is open. */
  isElsewhere?: boolean;
  href: string;
  spaceAbove?: number;
  onOpen: () => void;
  /** The conversation itself, where it is open. */
  children?: ReactNode;
};

/** Returns a thread's title: that of its finding when the message is a quick action's fixed text. */
const threadTitle = ({ title, finding }: PageThread): string =>
  finding && Object.values(MESSAGE_KIND_TEXTS).includes(title) ? finding.title : title || "…";

/** A thread in the margin: one line when collapsed, its messages when open. */
export const ThreadCard = forwardRef<HTMLElement, ThreadCardProps>(function ThreadCard(
  { thread, isOpen, isElsewhere, href, spaceAbove, onOpen, children },
  ref,
) {
  const title = threadTitle(thread);
  // Once its messages are shown, the first of them says it.
  const isTitleRepeated = isOpen && title === thread.title;
  const open = (event: React.MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
  };
  return (
    <article
      ref={ref}
      className="thread"
      data-selected={isOpen || undefined}
      data-thread={thread.id}
      data-anchor-state={thread.anchorState}
      style={spaceAbove === undefined ? undefined : { marginTop: spaceAbove }}
    >
      <h3 className="thread-title">
        {/* Followed only without JavaScript: a router's link would cost a third of the card's rendering. */}
        <a href={href} onClick={open} aria-expanded={isOpen}>
          <MessageSquare size={12} aria-hidden="true" />
          <span className="sr-only">Thread: </span>
          {isTitleRepeated ? (
            <span className="thread-anchor">
              <ThreadPlace {...{ thread, isElsewhere }} />
            </span>
          ) : (
            <span>
              <CodeText text={title} />
            </span>
          )}
          <span className="thread-line">
            <span className="sr-only">{thread.lines ? "line " : ""}</span>
            {isElsewhere && `${thread.path.split("/").at(-1)}:`}
            {thread.lines?.first ?? "file"}
          </span>
        </a>
      </h3>
      {isOpen && (
        <div className="thread-body">
          {!isTitleRepeated && (
            <p className="thread-anchor">
              <ThreadPlace {...{ thread, isElsewhere }} />
            </p>
          )}
          {thread.quote && <pre className="thread-quote code">{thread.quote}</pre>}
          {children}
        </div>
      )}
    </article>
  );
});

/** Tells which lines a thread is about, and what became of them. */
function ThreadPlace({ thread, isElsewhere }: Pick<ThreadCardProps, "thread" | "isElsewhere">) {
  const anchor = anchorLabel(thread);
  return (
    <>
      {isElsewhere && `${thread.path} · `}
      {lineRangeLabel(thread.lines)}
      {anchor && <b> · {anchor}</b>}
      {thread.status === "resolved" && " · resolved"}
    </>
  );
}
