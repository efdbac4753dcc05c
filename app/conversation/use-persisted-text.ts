import { useCallback, useEffect, useState } from "react";

const storageKey = (place: string) => `redline.composer.${place}`;

/** What is being written in a composer, kept in the browser until it was sent: it survives a reload. */
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

/** Keeps a text for the composer of that place; an empty one is forgotten. */
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
