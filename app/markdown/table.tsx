import type { ReactNode } from "react";

/** A horizontally scrollable table, focusable for keyboard scrolling. */
export function Table({ children }: { children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields
    <div className="markdown-table" role="group" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

type CellProps = { align: unknown; children?: ReactNode };

export const HeaderCell = ({ align, children }: CellProps) => <th className={alignment(align)}>{children}</th>;
export const Cell = ({ align, children }: CellProps) => <td className={alignment(align)}>{children}</td>;

const alignment = (align: unknown): string | undefined =>
  align === "right" || align === "center" ? `text-${align}` : undefined;
