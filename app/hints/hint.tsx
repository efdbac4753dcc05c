import { type ReactNode, useSyncExternalStore } from "react";
import { classNames } from "../ui/class-names";
import { type HintId, isHintUsed, watchHints } from "./used-hints";

type HintProps = { id: HintId; className?: string; children: ReactNode };

/** A quiet line about what can be done in its place; gone once that was done in this browser. */
export function Hint({ id, className, children }: HintProps) {
  const isUsed = useSyncExternalStore(
    watchHints,
    () => isHintUsed(id),
    () => true,
  );
  if (isUsed) return null;
  return (
    <p className={classNames("border-l-2 border-edge pl-2 text-12 text-quiet", className)} data-hint={id}>
      {children}
    </p>
  );
}
