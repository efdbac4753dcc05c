import type { ReactNode } from "react";

/** A keyboard key. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-block min-w-5 rounded border border-edge bg-margin px-1 text-center font-sans text-12 leading-[18px] text-quiet">
      {children}
    </kbd>
  );
}
