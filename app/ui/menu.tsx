import { type ReactNode, useEffect, useRef } from "react";
import { classNames } from "./class-names";

type MenuProps = {
  label: string;
  /** The icon or words of the button that opens it. */
  trigger: ReactNode;
  triggerClassName?: string;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
};

/**
 * A menu of forms and links that also works without JavaScript. Escape, a click outside or choosing an item closes it.
 */
export function Menu({ label, trigger, triggerClassName, align = "end", className, children }: MenuProps) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const details = ref.current;
    if (!details) return;
    const close = () => {
      details.open = false;
    };
    const onPointer = (event: Event) => {
      if (details.open && !details.contains(event.target as Node)) close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !details.open) return;
      event.stopPropagation();
      close();
      details.querySelector("summary")?.focus();
    };
    const onDone = (event: Event) => {
      if ((event.target as Element).closest("[data-menu-item]")) close();
    };
    document.addEventListener("pointerdown", onPointer);
    details.addEventListener("keydown", onKey);
    details.addEventListener("click", onDone);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      details.removeEventListener("keydown", onKey);
      details.removeEventListener("click", onDone);
    };
  }, []);
  return (
    <details ref={ref} className="relative inline-block">
      <summary
        aria-label={label}
        data-tip={label}
        data-tip-align={align === "end" ? "end" : "start"}
        className={classNames(
          "inline-flex h-8 items-center justify-center rounded-md px-2 text-13 hover:bg-hover",
          triggerClassName,
        )}
      >
        {trigger}
      </summary>
      <div
        className={classNames(
          "absolute top-full z-30 mt-1 min-w-44 rounded-md border border-rule bg-paper p-1 text-13",
          "shadow-[0_8px_24px_var(--shadow)]",
          align === "end" ? "right-0" : "left-0",
          className,
        )}
      >
        {children}
      </div>
    </details>
  );
}

/** The class of a menu item. Give the element `data-menu-item` so that it closes the menu. */
export const menuItemClass =
  "flex w-full items-center gap-2 rounded px-2 py-1.5 text-left text-13 hover:bg-hover focus-visible:bg-hover";
