import type { MarkdownProps } from "../markdown/rendered";
import { lazyHydrated } from "../ui/lazy-hydrated";

const LazyMarkdown = lazyHydrated<MarkdownProps>(
  () => import("../markdown/rendered").then((module) => module.default),
  { fallback: ({ text }) => <div className="whitespace-pre-wrap">{text}</div> },
);

/** Preloads the Markdown renderer. */
export const preloadMessageText = LazyMarkdown.preload;

/** A message's text; `isStreaming` while more is to come. */
export function MessageText(props: MarkdownProps) {
  return (
    <div className="message-text">
      <LazyMarkdown {...props} />
    </div>
  );
}
