import { useEffect, useRef, useState } from "react";
import { useHydrated } from "../ui/use-hydrated";
import type { HighlightedPart } from "./highlight";

const COPIED_MS = 2_000;

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
  const [said, setSaid] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  // Without scripts there is nothing it could do.
  if (!useHydrated()) return null;
  const copy = async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? "Copied" : "Couldn’t copy");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(""), COPIED_MS);
  };
  return (
    <>
      <button type="button" className="markdown-copy" aria-label={said || "Copy code"} onClick={() => void copy()}>
        {said || "Copy"}
      </button>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  );
}

/** Returns highlighted parts; undefined until loaded, and while the code grows. */
function useHighlighting(text: string, language: string | undefined, isOpen: boolean): HighlightedPart[] | undefined {
  const [highlighted, setHighlighted] = useState<{ text: string; parts: HighlightedPart[] }>();
  useEffect(() => {
    if (!language || isOpen) return;
    let isWanted = true;
    import("./highlight")
      .then(({ highlightCode }) => highlightCode(text, language))
      .then(
        (parts) => {
          if (isWanted && parts) setHighlighted({ text, parts });
        },
        // The network may be gone: then the code stays plain.
        () => {},
      );
    return () => {
      isWanted = false;
    };
  }, [text, language, isOpen]);
  return highlighted?.text === text ? highlighted.parts : undefined;
}
