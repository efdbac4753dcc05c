import { useCallback, useEffect, useState } from "react";

const storageKey = (place: string) => `redline.composer.${place}`;

/** Persists a composer's unsent text in local storage. */
export function usePersistedText(place: string): [text: string, setText: (text: string) => void] {
  const [kept, setKept] = useState({ place, text: "" });
  useEffect(() => {
    setKept({ place, text: readText(place) });
  }, [place]);
  const setText = useCallback(
    (text: string) => {
      setKept({ place, text });
      persistText(place, text);
    },
    [place],
  );
  return [kept.place === place ? kept.text : "", setText];
}

/** Stores a composer's text; an empty text removes it. */
export function persistText(place: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(storageKey(place));
    else localStorage.setItem(storageKey(place), text);
  } catch {
    // Storage may be off: the text then lasts as long as the page.
  }
}

function readText(place: string): string {
  try {
    return localStorage.getItem(storageKey(place)) ?? "";
  } catch {
    return "";
  }
}
