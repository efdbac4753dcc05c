import type { MarkdownProps } from "../markdown/rendered";
import { lazily } from "./lazily";

const Drawn = lazily<MarkdownProps>(
  () => import("../markdown/rendered").then((module) => module.default),
  ({ text }) => <div className="whitespace-pre-wrap">{text}</div>,
);

/** Has the renderer on its way before there is something to draw. */
export const preloadMessageText = Drawn.preload;

/** What somebody said; `isStreaming` while more of it is to come. */
export function MessageText(props: MarkdownProps) {
  return (
    <div className="message-text">
      <Drawn {...props} />
    </div>
  );
}
