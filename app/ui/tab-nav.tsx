import { NavLink, type NavLinkProps } from "@remix-run/react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

const TAB =
  "target inline-flex h-8 items-center gap-1.5 border-b-2 border-transparent px-3 text-13 whitespace-nowrap text-quiet hover:text-ink";

/** Tabs, each with its own URL. */
export function TabNav({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="flex border-b border-rule">
      {children}
    </nav>
  );
}

export function TabLink({ isCurrent, ...rest }: Omit<NavLinkProps, "className"> & { isCurrent: boolean }) {
  return (
    <NavLink
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(TAB, isCurrent && "border-ink! text-ink!")}
      preventScrollReset
      {...rest}
    />
  );
}
