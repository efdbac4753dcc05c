import type { ReactNode } from "react";
import { classNames } from "./class-names";

const TONES = {
  plain: "border-rule bg-margin",
  warn: "border-warn bg-warn-wash",
  danger: "border-danger bg-removed-wash",
} as const;

/** A persistent message about the page or form. The danger tone is announced immediately. */
export function Notice({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classNames("rounded-md border px-3 py-2 text-13", TONES[tone])}
    >
      {children}
    </div>
  );
}
