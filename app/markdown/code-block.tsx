import { useCopy } from "../ui/use-copy";
import { useHydrated } from "../ui/use-hydrated";
import { useHighlighting } from "./use-highlighting";

/** A code block with a copy button, highlighted once complete. */
export function CodeBlock({
  text,
  language,
  isOpen,
}: {
  text: string;
  /** The fence's info string. */
  language?: string;
  isOpen: boolean;
}) {
  const parts = useHighlighting(text, language, isOpen);
  return (
    <div className="markdown-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields */}
      <pre tabIndex={0} role="group" aria-label={language ? `Code: ${language}` : "Code"}>
        <code className={language ? `language-${language}` : undefined}>
          {parts
            ? parts.map(({ from, text: part, className }) =>
                className ? (
                  <span key={from} className={className}>
                    {part}
                  </span>
                ) : (
                  part
                ),
              )
            : text}
        </code>
      </pre>
      <CopyButton text={text} />
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const { outcome, copy } = useCopy(text);
  // Without scripts there is nothing it could do.
  if (!useHydrated()) return null;
  return (
    <>
      <button type="button" className="markdown-copy" aria-label={outcome || "Copy code"} onClick={copy}>
        {outcome || "Copy"}
      </button>
      <span role="status" className="sr-only">
        {outcome}
      </span>
    </>
  );
}
