import { type ReactNode, useLayoutEffect } from "react";

/** The events for which React hydrates what they point at, synchronously. */
const EVENTS = [
  ...["auxclick", "change", "click", "compositionend", "compositionstart", "contextmenu", "copy", "cut", "dblclick"],
  ...["dragend", "dragstart", "drop", "input", "keydown", "keypress", "keyup", "mousedown", "mouseup", "paste"],
  ...["pointercancel", "pointerdown", "pointerup", "reset", "submit", "textInput"],
  ...["touchcancel", "touchend", "touchstart"],
];

const stop = (event: Event) => event.stopImmediatePropagation();

/**
 * Withholds input from React until the page is hydrated; the browser acts on it as without JavaScript. Hydrating for an
 * event while Remix still decodes the page's data makes React 18 give up the whole page (error 345).
 */
export function withholdInput(): void {
  for (const name of EVENTS) addEventListener(name, stop, true);
}

/** Lets React have input again once its children are hydrated. */
export function InputOnceHydrated({ children }: { children: ReactNode }) {
  useLayoutEffect(() => {
    for (const name of EVENTS) removeEventListener(name, stop, true);
  }, []);
  return children;
}
