import type { ReactNode } from "react";

/** An empty state with one next action. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-2 border-y border-rule py-10">
      <h2 className="text-16 font-semibold">{title}</h2>
      {children && <p className="max-w-prose text-quiet">{children}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
