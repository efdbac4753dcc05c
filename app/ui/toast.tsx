import { X } from "lucide-react";
import { Toast as RadixToast } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "./button";
import { classNames } from "./class-names";
import { CodeText } from "./code-text";

const SUCCESS_MS = 5_000;

export type ToastInput = {
  message: string;
  /** Errors and toasts with an action stay until dismissed or used; other successes disappear after 5 s. */
  tone?: "success" | "error";
  /** An action such as *Undo*. */
  action?: { label: string; run: () => void };
};

type ToastItem = ToastInput & { id: number };

/** Shows a toast. Returns how to dismiss it once it is no longer true. */
type ShowToast = (toast: ToastInput) => () => void;

const ToastContext = createContext<ShowToast>(() => () => {});

/** Returns a function that shows and announces a toast, replacing the last of its kind. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

/** Toasts of actions that failed, by the action: each stays until the action is tried again. */
type FailureToasts = { show: (action: string, message: string) => void; clear: (action: string) => void };

export function useFailureToasts(): FailureToasts {
  const toast = useToast();
  const shown = useRef(new Map<string, () => void>());
  return useMemo(() => {
    const clear = (action: string) => {
      shown.current.get(action)?.();
      shown.current.delete(action);
    };
    const show = (action: string, message: string) => {
      clear(action);
      shown.current.set(action, toast({ message, tone: "error" }));
    };
    return { show, clear };
  }, [toast]);
}

let nextId = 1;

type ToastKind = "error" | "action" | "success";

const kindOf = ({ tone, action }: ToastInput): ToastKind =>
  tone === "error" ? "error" : action ? "action" : "success";

/** Adds a toast to those that are kept: the last of each kind, the newest last. */
export function addToast<T extends ToastInput>(kept: readonly T[], toast: T): T[] {
  return [...kept.filter((each) => kindOf(each) !== kindOf(toast)), toast];
}

/** Shows the newest toast at the foot of the page. The one before it returns once that is gone: an *Undo* is not lost. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<ToastItem[]>([]);
  const close = useCallback((id: number) => setItems((kept) => kept.filter((item) => item.id !== id)), []);
  const show = useCallback(
    (toast: ToastInput) => {
      const id = nextId++;
      setItems((kept) => addToast(kept, { ...toast, id }));
      return () => close(id);
    },
    [close],
  );
  const newest = items.at(-1);
  const shown = useMemo(() => newest && <ToastCard key={newest.id} item={newest} onClose={close} />, [newest, close]);
  return (
    <ToastContext.Provider value={show}>
      <RadixToast.Provider swipeDirection="down" duration={SUCCESS_MS} label="Notification">
        {children}
        {shown}
        <RadixToast.Viewport className="fixed bottom-12 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 outline-none" />
      </RadixToast.Provider>
    </ToastContext.Provider>
  );
}

function ToastCard({ item, onClose }: { item: ToastItem; onClose: (id: number) => void }) {
  const kind = kindOf(item);
  return (
    <RadixToast.Root
      open
      onOpenChange={(isOpen) => isOpen || onClose(item.id)}
      duration={kind === "success" ? SUCCESS_MS : Number.POSITIVE_INFINITY}
      type={kind === "error" ? "foreground" : "background"}
      className={classNames(
        "toast flex items-center gap-2 rounded-md border bg-paper py-1.5 pr-1.5 pl-3 text-13 shadow-[0_8px_24px_var(--shadow)]",
        kind === "error" ? "border-danger" : "border-rule",
      )}
    >
      <RadixToast.Description className="min-w-0 flex-1 break-words">
        <CodeText text={item.message} />
      </RadixToast.Description>
      {item.action && (
        <RadixToast.Action asChild altText={item.action.label} onClick={item.action.run}>
          <Button size="small">{item.action.label}</Button>
        </RadixToast.Action>
      )}
      <RadixToast.Close asChild>
        <IconButton label="Dismiss" size="small" tipAlign="end">
          <X size={16} aria-hidden="true" />
        </IconButton>
      </RadixToast.Close>
    </RadixToast.Root>
  );
}
