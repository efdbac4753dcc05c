import { X } from "lucide-react";
import { Toast as RadixToast } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { Button, IconButton } from "./button";
import { classNames } from "./class-names";
import { CodeText } from "./code-text";

const SUCCESS_MS = 5_000;

export type ToastInput = {
  message: string;
  /** Errors and toasts with an action stay until dismissed; other successes disappear after 5 s. */
  tone?: "success" | "error";
  /** An action such as *Undo*. */
  action?: { label: string; run: () => void };
};

type ToastItem = ToastInput & { id: number; isOpen: boolean };

const ToastContext = createContext<(toast: ToastInput) => void>(() => {});

/** Returns a function that shows and announces a toast, replacing the last success. */
export function useToast(): (toast: ToastInput) => void {
  return useContext(ToastContext);
}

let nextId = 1;
const KEPT_ERRORS = 3;

const isError = ({ tone }: ToastInput): boolean => tone === "error";

export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<ToastItem[]>([]);
  const show = useCallback((toast: ToastInput) => {
    // A newer success replaces an older one; what went wrong stays in sight until it was read.
    setItems((before) => [...before.filter(isError).slice(1 - KEPT_ERRORS), { ...toast, id: nextId++, isOpen: true }]);
  }, []);
  const close = useCallback((id: number) => {
    setItems((before) => before.filter((item) => item.id !== id));
  }, []);
  const shown = useMemo(
    () => items.map((item) => <ToastCard key={item.id} item={item} onClose={close} />),
    [items, close],
  );
  return (
    <ToastContext.Provider value={show}>
      <RadixToast.Provider swipeDirection="down" duration={SUCCESS_MS} label="Notification">
        {children}
        {shown}
        <RadixToast.Viewport className="fixed bottom-10 left-1/2 z-50 flex w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 outline-none" />
      </RadixToast.Provider>
    </ToastContext.Provider>
  );
}

function ToastCard({ item, onClose }: { item: ToastItem; onClose: (id: number) => void }) {
  const stays = isError(item) || item.action !== undefined;
  return (
    <RadixToast.Root
      open={item.isOpen}
      onOpenChange={(isOpen) => isOpen || onClose(item.id)}
      duration={stays ? Number.POSITIVE_INFINITY : SUCCESS_MS}
      type={isError(item) ? "foreground" : "background"}
      className={classNames(
        "toast flex items-center gap-2 rounded-md border bg-paper py-1.5 pr-1.5 pl-3 text-13 shadow-[0_8px_24px_var(--shadow)]",
        isError(item) ? "border-danger" : "border-rule",
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
