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

const MARGIN_PX = 8;

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
    const onToggle = () => {
      if (details.open) details.dataset.side = sideWithRoom(details);
    };
    const onDone = (event: Event) => {
      if ((event.target as Element).closest("[data-menu-item]")) close();
    };
    document.addEventListener("pointerdown", onPointer);
    details.addEventListener("keydown", onKey);
    details.addEventListener("click", onDone);
    details.addEventListener("toggle", onToggle);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      details.removeEventListener("keydown", onKey);
      details.removeEventListener("click", onDone);
      details.removeEventListener("toggle", onToggle);
    };
  }, []);
  return (
    <details ref={ref} className="menu relative inline-block">
      <summary
        aria-label={label}
        data-tip={label}
        data-tip-align={align === "end" ? "end" : "start"}
        className={classNames(
          "target target-square inline-flex h-8 items-center justify-center rounded-md px-2 text-13 hover:bg-hover",
          triggerClassName,
        )}
      >
        {trigger}
      </summary>
      <div
        className={classNames(
          "menu-panel absolute z-30 min-w-44 rounded-md border border-rule bg-paper p-1 text-13",
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

/** Opens upwards where the window ends below the menu and there is more room above it. */
function sideWithRoom(details: HTMLDetailsElement): "above" | "below" {
  const { top, bottom } = details.getBoundingClientRect();
  const height = details.querySelector<HTMLElement>(".menu-panel")?.offsetHeight ?? 0;
  const below = innerHeight - bottom;
  return height + MARGIN_PX > below && top > below ? "above" : "below";
}

/** The class of a menu item. Give the element `data-menu-item` so that it closes the menu. */
export const menuItemClass =
  "flex w-full items-center gap-2 rounded px-2 py-1.5 text-left text-13 whitespace-nowrap hover:bg-hover focus-visible:bg-hover";
