import { Markdown } from "../markdown/markdown";

/** What somebody said; `isStreaming` while more of it is to come. */
export function MessageText({ text, isStreaming }: { text: string; isStreaming?: boolean }) {
  return (
    <div className="message-text">
      <Markdown text={text} isStreaming={isStreaming} />
    </div>
  );
}
