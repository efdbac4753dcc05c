import { useEffect, useRef } from "react";
import { useToast } from "../ui/toast";
import { useBrowserLayoutEffect } from "../ui/use-browser-layout-effect";
import { type PageAction, shortcutsOf } from "./page-actions";

type Pressed = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey">;

/** Returns a key press in the notation of `PageAction`: `"j"`, `"A"`, `"mod+s"`. */
export function pressedShortcut({ key, metaKey, ctrlKey, altKey }: Pressed): string {
  const isMod = metaKey || ctrlKey;
  if (isMod) return `mod+${altKey ? "alt+" : ""}${key.toLowerCase()}`;
  return altKey ? `alt+${key}` : key;
}

/** Returns whether the target is a text input, where single keys type. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [role=textbox]") !== null;
}

/** Returns whether the key activates the focused button or link. */
function isPressing(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" && event.key !== " ") return false;
  return event.target instanceof HTMLElement && event.target.closest("a, button, summary") !== null;
}

/**
 * Runs the first enabled action for a pressed shortcut. Keys without a modifier are ignored while typing or in a
 * dialog.
 */
export function useShortcuts(actions: readonly PageAction[]): void {
  const latest = useRef(actions);
  const toast = useToast();
  useBrowserLayoutEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = pressedShortcut(event);
      const isSingle = !pressed.startsWith("mod+");
      if (isSingle && (isTyping(event.target) || isPressing(event) || document.querySelector("dialog[open]"))) return;
      const named = latest.current.filter((each) => shortcutsOf(each).includes(pressed));
      const action = named.find((each) => !each.isDisabled);
      const why = named.find((each) => each.whyDisabled)?.whyDisabled;
      if (!action && why === undefined) return;
      event.preventDefault();
      if (action) action.run();
      else if (why !== undefined) toast({ message: why });
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [toast]);
}
