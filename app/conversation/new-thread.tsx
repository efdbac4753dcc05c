import { CodeText } from "../ui/code-text";
import { toPlainText } from "../ui/plain-text";
import { Composer } from "./composer";
import { useConversationContext } from "./conversation-context";
import { lineRangeLabel } from "./page";
import { type ComposerState, composerKey, type MessageDraft } from "./use-conversation";

type NewThreadProps = {
  composer: ComposerState;
  version: number;
  onSend: (draft: MessageDraft) => Promise<void>;
  onCancel: () => void;
};

/** The composer of a new thread. */
export function NewThreadCard({ composer, version, onSend, onCancel }: NewThreadProps) {
  const { sessionId, nextThreadId, nextMessageId, path: openPath } = useConversationContext();
  const { path, lines, finding, text, problem } = composer;
  const about = finding ? finding.title : lineRangeLabel(lines);
  return (
    <>
      <h3 className="thread-about">
        <CodeText text={about} />
        {finding && lines && <span className="thread-line">{lineRangeLabel(lines)}</span>}
      </h3>
      <Composer
        draftKey={composerKey(sessionId, composer)}
        path={path}
        action={`?${new URLSearchParams({ file: openPath, thread: nextThreadId })}`}
        label={`About ${toPlainText(about)}`}
        fields={{
          intent: "open-thread",
          ...{ threadId: nextThreadId, messageId: nextMessageId, path },
          ...(finding && { finding: finding.identity }),
          ...(lines && !finding && { startLine: lines.first, endLine: lines.last, version }),
        }}
        initialText={text}
        problem={problem}
        isFocused
        onSend={async (posted) => void (await onSend(posted))}
        onCancel={onCancel}
      >
        {!lines && !finding && (
          <noscript>
            <p className="composer-lines">
              <label>
                From line <input name="startLine" type="number" min={1} inputMode="numeric" />
              </label>{" "}
              <label>
                to <input name="endLine" type="number" min={1} inputMode="numeric" />
              </label>{" "}
              (leave empty for the whole file)
            </p>
          </noscript>
        )}
      </Composer>
    </>
  );
}
