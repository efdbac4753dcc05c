import { type ComponentType, lazy, Suspense } from "react";

export type MarkdownProps = {
  text: string;
  /** More of the text is to come: what has only begun at its end is not drawn as something it may not become. */
  isStreaming?: boolean;
};

type Rendered = ComponentType<MarkdownProps>;

const LazyRendered = lazy(() => import("./rendered"));
let rendered: Rendered | undefined;

/** The server has the renderer at hand, so that messages are in its pages, and are read without scripts. */
export function provideRendered(component: Rendered): void {
  rendered = component;
}

/**
 * A message in markdown, drawn safely: no HTML of its author's, no remote images, links that say where they lead.
 * Browsers load the renderer when there is a message; until then they show what the server drew, or the plain text.
 */
export function Markdown(props: MarkdownProps) {
  const Renderer = rendered ?? LazyRendered;
  return (
    <Suspense fallback={<div className="markdown whitespace-pre-wrap">{props.text}</div>}>
      <Renderer {...props} />
    </Suspense>
  );
}
