import { MESSAGE_KIND_TEXTS } from "@redline/core/threads/schema";
import { Link } from "@remix-run/react";
import { MessageSquare } from "lucide-react";
import { forwardRef, type ReactNode } from "react";
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
  const anchor = anchorLabel(thread);
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
      data-place={thread.anchorState}
      style={spaceAbove === undefined ? undefined : { marginTop: spaceAbove }}
    >
      <h3 className="thread-title">
        <Link to={href} preventScrollReset onClick={open} aria-expanded={isOpen}>
          <MessageSquare size={12} aria-hidden="true" />
          <span className="sr-only">Thread: </span>
          <span>{threadTitle(thread)}</span>
          <span className="thread-line">
            <span className="sr-only">{thread.lines ? "line " : ""}</span>
            {thread.lines?.first ?? "file"}
          </span>
        </Link>
      </h3>
      {isOpen && (
        <div className="thread-body">
          <p className="thread-place">
            {isElsewhere && `${thread.path} · `}
            {lineRangeLabel(thread.lines)}
            {anchor && <b> · {anchor}</b>}
            {thread.status === "resolved" && " · resolved"}
          </p>
          {thread.quote && <pre className="thread-quote code">{thread.quote}</pre>}
          {children}
        </div>
      )}
    </article>
  );
});
