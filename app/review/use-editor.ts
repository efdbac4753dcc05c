import { type RefObject, useEffect, useRef, useState } from "react";
import type { CodeEditor, EditorContent, EditorEvents } from "../editor/create-editor";
import { type CodeSelection, getStaticSelection } from "../editor/static-code-selection";
import { pageNonce } from "../http/nonce";
import { loadEditor } from "./load-editor";

const IDLE_WITHIN_MS = 60;

type EditorPlace = {
  host: RefObject<HTMLDivElement>;
  still: RefObject<HTMLDivElement>;
  /** The open file's language. */
  language: string;
};

/**
 * Mounts the editor in place of the server-rendered code: loaded when the page is idle or the code is first touched,
 * and shown when ready, with the selection preserved. Null until then, and while there is nothing to edit.
 */
export function useEditor(
  { host, still, language }: EditorPlace,
  content: EditorContent | null,
  events: EditorEvents,
): { editor: CodeEditor | null; isShown: boolean } {
  const [editor, setEditor] = useState<CodeEditor | null>(null);
  const [isShown, setShown] = useState(false);
  const latest = useRef({ content, events, language });
  latest.current = { content, events, language };
  const isWanted = content !== null;
  const carried = useRef<CodeSelection | null>(null);

  useEffect(() => {
    // On its way while the page settles, so that it is there when it is wanted.
    loadEditor(language).catch(() => {});
  }, [language]);

  useEffect(() => {
    const parent = host.current;
    if (!isWanted || !parent) return;
    let isGone = false;
    let made: CodeEditor | undefined;
    let isStarted = false;
    const start = async () => {
      if (isStarted) return;
      isStarted = true;
      stopWaiting();
      const createEditor = await loadEditor(latest.current.language);
      const { content } = latest.current;
      if (isGone || !content) return;
      made = await createEditor(parent, content, relayEvents(latest), pageNonce());
      // A selection in progress is completed first.
      await pointer.released();
      if (isGone) return made.destroy();
      // The code that the server drew is the head; over a draft the same place may be another.
      carried.current = still.current && content.draft === undefined ? getStaticSelection(still.current) : null;
      // Room for what is scrolled to, until the editor has measured its lines.
      if (still.current) parent.style.minHeight = `${still.current.offsetHeight}px`;
      setEditor(made);
      setShown(true);
    };
    const pointer = watchPointer(still.current);
    const stopWaiting = whenIdleOrTouched(still.current, () => {
      // Without its code (the network may be gone) the page stays as it is; the next touch tries again.
      start().catch(() => {
        isStarted = false;
      });
    });
    return () => {
      isGone = true;
      stopWaiting();
      pointer.stop();
      made?.destroy();
      setEditor(null);
      setShown(false);
    };
  }, [isWanted, host, still]);

  useEffect(() => {
    if (editor && content) void editor.show(content);
  }, [editor, content]);

  useEffect(() => {
    if (!isShown || !editor || !carried.current) return;
    editor.select(carried.current);
    carried.current = null;
  }, [isShown, editor]);

  useTakeover(host, isShown);
  return { editor, isShown };
}

/** Relays events to the latest render's handlers. */
function relayEvents(latest: { current: { events: EditorEvents } }): EditorEvents {
  const events = () => latest.current.events;
  return {
    onEdit: (...args) => events().onEdit(...args),
    onRedlineAction: (...args) => events().onRedlineAction(...args),
    onSelect: (...args) => events().onSelect(...args),
    onThread: (...args) => events().onThread(...args),
    onLines: (...args) => events().onLines(...args),
    onAsk: () => events().onAsk(),
    onSave: () => events().onSave(),
    onLeave: () => events().onLeave(),
    onGeometry: () => events().onGeometry(),
    check: (...args) => events().check(...args),
  };
}

function whenIdleOrTouched(element: HTMLElement | null, act: () => void): () => void {
  const hasIdle = typeof requestIdleCallback === "function";
  const idle = hasIdle ? requestIdleCallback(act, { timeout: IDLE_WITHIN_MS }) : setTimeout(act, IDLE_WITHIN_MS);
  element?.addEventListener("pointerdown", act);
  element?.addEventListener("focusin", act);
  return () => {
    if (hasIdle) cancelIdleCallback(idle as number);
    else clearTimeout(idle);
    element?.removeEventListener("pointerdown", act);
    element?.removeEventListener("focusin", act);
  };
}

/** Tracks whether a pointer pressed on the element is still down. */
function watchPointer(element: HTMLElement | null): { released: () => Promise<void>; stop: () => void } {
  let isDown = false;
  let goOn = () => {};
  const down = () => {
    isDown = true;
  };
  const up = () => {
    isDown = false;
    goOn();
  };
  element?.addEventListener("pointerdown", down);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, up);
  return {
    released: () =>
      new Promise((resolve) => {
        goOn = resolve;
        if (!isDown) resolve();
      }),
    stop: () => {
      goOn();
      element?.removeEventListener("pointerdown", down);
      for (const end of ["pointerup", "pointercancel"]) document.removeEventListener(end, up);
    },
  };
}

/** Releases the editor's reserved height once it has measured itself. */
function useTakeover(host: RefObject<HTMLDivElement>, isShown: boolean): void {
  useEffect(() => {
    const element = host.current;
    if (!isShown || !element) return;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        element.style.minHeight = "";
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [host, isShown]);
}
