import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button";
import { classNames } from "./class-names";

type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  isTitleHidden?: boolean;
  className?: string;
  children: ReactNode;
};

/**
 * A modal `<dialog>`: traps and restores the focus, closes on Escape or a click outside. Its content is mounted only
 * while open; the element with `data-autofocus` gets the focus.
 */
export function Dialog({ title, isOpen, onClose, isTitleHidden, className, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open === isOpen) return;
    if (isOpen) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    } else {
      dialog.close();
    }
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog answers Escape by itself; the click is for the backdrop
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && ref.current.close()}
      className={classNames(
        "m-auto w-[min(36rem,calc(100vw-2rem))] rounded-lg border border-rule bg-paper p-0 text-ink",
        "max-h-[calc(100dvh-4rem)] shadow-[0_12px_40px_var(--shadow)]",
        className,
      )}
    >
      <div className={isTitleHidden ? "sr-only" : "flex items-center border-b border-rule py-2 pr-2 pl-4"}>
        <h2 id={titleId} className="flex-1 text-16 font-semibold">
          {title}
        </h2>
        {!isTitleHidden && (
          <IconButton label="Close" size="small" tipAlign="end" onClick={() => ref.current?.close()}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {isOpen && children}
    </dialog>
  );
}
