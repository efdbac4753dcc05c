import type { MarkdownProps } from "../markdown/rendered";
import { lazyHydrated } from "../ui/lazy-hydrated";

const LazyMarkdown = lazyHydrated<MarkdownProps>(
  () => import("../markdown/rendered").then((module) => module.default),
  ({ text }) => <div className="whitespace-pre-wrap">{text}</div>,
);

/** Has the renderer on its way before there is something to draw. */
export const preloadMessageText = LazyMarkdown.preload;

/** What somebody said; `isStreaming` while more of it is to come. */
export function MessageText(props: MarkdownProps) {
  return (
    <div className="message-text">
      <LazyMarkdown {...props} />
    </div>
  );
}
