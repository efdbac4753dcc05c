import { Composer } from "./composer";
import { useTalk } from "./context";
import { linesWords } from "./page";
import { type Composing, composerPlace, type Posted } from "./use-conversation";

type NewThreadProps = {
  composing: Composing;
  version: number;
  onSend: (posted: Posted) => Promise<void>;
  onCancel: () => void;
};

/** The composer of a thread that does not exist yet. */
export function NewThreadCard({ composing, version, onSend, onCancel }: NewThreadProps) {
  const { sessionId, nextThreadId, nextMessageId, path: openPath } = useTalk();
  const { path, lines, finding, text, problem } = composing;
  const about = finding ? finding.title : linesWords(lines);
  return (
    <>
      <h3 className="thread-about">
        {about}
        {finding && lines && <span className="thread-line">{linesWords(lines)}</span>}
      </h3>
      <Composer
        place={composerPlace(sessionId, composing)}
        path={path}
        action={`?${new URLSearchParams({ file: openPath, thread: nextThreadId })}`}
        label={`About ${about}`}
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
              (empty: the whole file)
            </p>
          </noscript>
        )}
      </Composer>
    </>
  );
}
