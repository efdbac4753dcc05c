import { classNames } from "./class-names";

/** The shape of what is on its way; say in words nearby what that is. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classNames("skeleton h-4", className)} />;
}
