import { useEffect, useState } from "react";
import type { OpenFile } from "./page";

/** Returns the whole text of a partially loaded file once fetched; null before, and for other files. */
export function useWholeText(sessionId: string, version: number, file: OpenFile | null): string | null {
  const [whole, setWhole] = useState<{ key: string; text: string } | null>(null);
  const key = file?.isPart ? `${file.hash} ${file.path}` : null;
  const path = file?.path ?? "";
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    const load = async () => {
      const query = new URLSearchParams({ path, version: String(version) });
      const response = await fetch(`/sessions/${sessionId}/text?${query}`, { signal: stop.signal });
      if (!response.ok) return;
      // A byte order mark belongs to the text.
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
      setWhole({ key, text });
    };
    // Without the rest the part stays readable, page by page.
    load().catch(() => {});
    return () => stop.abort();
  }, [key, path, version, sessionId]);
  return whole && whole.key === key ? whole.text : null;
}
