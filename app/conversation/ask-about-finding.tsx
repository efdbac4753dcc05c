import { Link } from "@remix-run/react";
import type { PageFinding } from "../review/page";
import { Button } from "../ui/button";
import { useConversationContext } from "./conversation-context";
import { ConversationForm } from "./conversation-form";
import { canReply } from "./page";

type AskAboutFindingProps = {
  finding: Pick<PageFinding, "identity" | "path">;
  onAsk: (messageKind: "ask" | "explain") => void;
};

/** Buttons that explain a finding or start a thread about it. */
export function AskAboutFinding({ finding, onAsk }: AskAboutFindingProps) {
  const { capability, nextThreadId, nextMessageId } = useConversationContext();
  const { identity, path } = finding;
  const input = {
    intent: "open-thread" as const,
    ...{
      threadId: nextThreadId,
      messageId: nextMessageId,
      path,
      finding: identity,
      text: "",
      messageKind: "explain" as const,
    },
  };
  const search = new URLSearchParams({ file: path, finding: identity, ask: identity });
  return (
    <div className="finding-talk">
      {canReply(capability, "explain", true) && (
        <ConversationForm input={input} onSubmit={() => onAsk("explain")}>
          <Button type="submit" size="small" variant="quiet" aria-keyshortcuts="e">
            Explain
          </Button>
        </ConversationForm>
      )}
      <Link
        className="finding-ask"
        to={`?${search}`}
        aria-keyshortcuts="c"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onAsk("ask");
        }}
      >
        {capability.hasModel ? "Ask about it" : "Add a note"}
      </Link>
    </div>
  );
}
