import { useEffect, useState } from "react";
import type { HighlightedPart } from "./highlight";

/** Returns highlighted parts; undefined until loaded, and while the code grows. */
export function useHighlighting(
  text: string,
  language: string | undefined,
  isOpen = false,
): HighlightedPart[] | undefined {
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
