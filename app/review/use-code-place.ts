import { useCallback, useMemo, useState } from "react";
import type { CodePlace } from "../difference/use-difference";
import type { CodeEditor } from "../editor/create-editor";
import type { Document } from "../editor/document";

type Options = {
  editor: CodeEditor | null;
  isDifference: boolean;
  document: Document;
  /** Called when lines may have moved. */
  onGeometry: () => void;
};

/** Tells where lines are in the code that is shown: the difference's, else the editor's. */
export function useCodePlace({ editor, isDifference, document, onGeometry }: Options) {
  const [ofDifference, setOfDifference] = useState<CodePlace | null>(null);
  const onPlace = useCallback(
    (place: CodePlace) => {
      setOfDifference(place);
      onGeometry();
    },
    [onGeometry],
  );
  const place = isDifference ? ofDifference : editor;
  const topOfLine = useMemo(() => place?.topOfLine, [place]);
  const revealOffset = useCallback((offset: number) => place?.reveal(document.offset(offset)), [place, document]);
  return { onPlace, topOfLine, revealOffset };
}
