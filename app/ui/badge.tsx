import type { ReactNode } from "react";
import { classNames } from "./class-names";

const TONES = {
  plain: "border-rule text-quiet",
  added: "border-added text-added",
  removed: "border-removed text-removed",
  warn: "border-warn text-warn",
} as const;

/** A short label for the item beside it. */
export function Badge({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span
      className={classNames("inline-block rounded border px-1.5 text-12 leading-[18px] whitespace-nowrap", TONES[tone])}
    >
      {children}
    </span>
  );
}
