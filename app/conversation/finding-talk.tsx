import { Link } from "@remix-run/react";
import type { PageFinding } from "../review/page";
import { Button } from "../ui/button";
import { useTalk } from "./context";
import { canBeAnswered } from "./page";
import { TalkForm } from "./talk-form";

type FindingTalkProps = {
  finding: Pick<PageFinding, "identity" | "path">;
  onAsk: (about: "ask" | "explain") => void;
};

/** Explains a finding, or begins a thread about it. */
export function FindingTalk({ finding, onAsk }: FindingTalkProps) {
  const { answerers, nextThreadId, nextMessageId } = useTalk();
  const { identity, path } = finding;
  const input = {
    intent: "open-thread" as const,
    ...{
      threadId: nextThreadId,
      messageId: nextMessageId,
      path,
      finding: identity,
      text: "",
      about: "explain" as const,
    },
  };
  const asked = new URLSearchParams({ file: path, finding: identity, ask: identity });
  return (
    <div className="finding-talk">
      {canBeAnswered(answerers, "explain", true) && (
        <TalkForm input={input} onSubmit={() => onAsk("explain")}>
          <Button type="submit" size="small" look="quiet" aria-keyshortcuts="e">
            Explain
          </Button>
        </TalkForm>
      )}
      <Link
        className="finding-ask"
        to={`?${asked}`}
        aria-keyshortcuts="c"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onAsk("ask");
        }}
      >
        {answerers.hasModel ? "Ask about it" : "Add a note"}
      </Link>
    </div>
  );
}
