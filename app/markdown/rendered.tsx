import { createContext, memo, useContext, useId } from "react";
import ReactMarkdown, { type Components, type ExtraProps, type Options } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { type Block, splitBlocks } from "./blocks";
import { CodeBlock } from "./code-block";
import { MarkdownLink } from "./link";
import { SANITIZE_SCHEMA } from "./sanitize-schema";
import { Cell, HeaderCell, Table } from "./table";
import { htmlAsText, imagesAsLinks, unfinishedLinksAsText } from "./tree";
import { trimUnsettledEnd } from "./trim-unsettled-end";

export type MarkdownProps = {
  text: string;
  /** Streaming: incomplete trailing syntax is not rendered yet. */
  isStreaming?: boolean;
};

/**
 * Renders a message's Markdown safely: no raw HTML, no remote images, links that show their host. Renders block by
 * block, so that only the last block is parsed again while the text grows. (Large; loaded on demand.)
 */
export default function Rendered({ text, isStreaming = false }: MarkdownProps) {
  const id = useId();
  const blocks = splitBlocks(isStreaming ? trimUnsettledEnd(text) : text);
  return (
    <div className="markdown" aria-busy={isStreaming || undefined}>
      {blocks.map((block, index) => (
        // Blocks only ever come after others, so their number is what they are.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <MarkdownBlock key={index} id={id} {...block} isOpen={isStreaming && index === blocks.length - 1} />
      ))}
    </div>
  );
}

/** Renders one block. `isOpen` marks the growing one; `id` keeps footnote ids of different messages apart. */
export const MarkdownBlock = memo(function MarkdownBlock({
  kind,
  text,
  language,
  id,
  isOpen,
}: Block & { id: string; isOpen: boolean }) {
  if (kind === "code") return <CodeBlock text={text} language={language} isOpen={isOpen} />;
  return (
    <OpenContext.Provider value={isOpen}>
      <ReactMarkdown
        remarkPlugins={REMARK_PLUGINS}
        remarkRehypeOptions={{ clobberPrefix: `note-${id}-` }}
        rehypePlugins={isOpen ? OPEN_REHYPE_PLUGINS : REHYPE_PLUGINS}
        components={COMPONENTS}
        urlTransform={keepUrl}
      >
        {text}
      </ReactMarkdown>
    </OpenContext.Provider>
  );
});

/** True while the block is still streaming. A context, so that components keep their identity when it ends. */
const OpenContext = createContext(false);

function CodeFromNode({ node }: ExtraProps) {
  const isOpen = useContext(OpenContext);
  const code = node?.children[0];
  if (code?.type !== "element") return null;
  const [first] = code.children;
  const [name] = Array.isArray(code.properties.className) ? code.properties.className : [];
  const language = typeof name === "string" ? name.replace(/^language-/, "") : undefined;
  return <CodeBlock text={first?.type === "text" ? first.value : ""} language={language} isOpen={isOpen} />;
}

/** Keeps URLs unchanged: links are checked when rendered (`linkTarget`), and by the sanitizer. */
const keepUrl = (url: string): string => url;

const REMARK_PLUGINS: Options["remarkPlugins"] = [remarkGfm];
const REHYPE_PLUGINS: Options["rehypePlugins"] = [htmlAsText, imagesAsLinks, [rehypeSanitize, SANITIZE_SCHEMA]];
const OPEN_REHYPE_PLUGINS: Options["rehypePlugins"] = [unfinishedLinksAsText, ...REHYPE_PLUGINS];

const heading = (level: number): Components["h1"] => {
  // Below the page's own headings, which a message must not compete with.
  const Tag = `h${Math.min(6, level + 3)}` as "h4";
  return ({ children }) => <Tag className={`markdown-h${level}`}>{children}</Tag>;
};

const COMPONENTS: Components = {
  h1: heading(1),
  h2: heading(2),
  h3: heading(3),
  h4: heading(4),
  h5: heading(5),
  h6: heading(6),
  a: ({ href, children, id, title, className }) => (
    <MarkdownLink href={href} id={id} title={title} isImage={className === "markdown-image"}>
      {children}
    </MarkdownLink>
  ),
  pre: ({ node }) => <CodeFromNode node={node} />,
  table: Table,
  th: ({ node, children }) => <HeaderCell align={node?.properties.align}>{children}</HeaderCell>,
  td: ({ node, children }) => <Cell align={node?.properties.align}>{children}</Cell>,
  input: ({ checked }) => (
    <span role="img" className="markdown-task" aria-label={checked ? "done" : "to do"}>
      {checked ? "☑" : "☐"}
    </span>
  ),
};
