import type { ComponentPropsWithoutRef } from "react";
import { classNames } from "./class-names";

/** Class for numeric cells: right-aligned tabular digits. */
export const NUMBER = "text-right tabular-nums whitespace-nowrap";

/** A table with hairline rules. Its caption names it for assistive technology. */
export function Table({
  caption,
  className,
  children,
  ...rest
}: ComponentPropsWithoutRef<"table"> & { caption: string }) {
  return (
    <table className={classNames("w-full border-collapse text-left text-13", className)} {...rest}>
      <caption className="sr-only">{caption}</caption>
      {children}
    </table>
  );
}

export function HeadCell({ className, ...rest }: ComponentPropsWithoutRef<"th">) {
  return (
    <th
      scope="col"
      className={classNames("border-b border-rule px-2 py-1.5 text-12 font-medium text-quiet", className)}
      {...rest}
    />
  );
}

export function Cell({ className, ...rest }: ComponentPropsWithoutRef<"td">) {
  return <td className={classNames("border-b border-rule px-2 py-2 align-middle", className)} {...rest} />;
}
