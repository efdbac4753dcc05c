import type { SelectedLines } from "@redline/core/text/index";
import { type RefObject, useEffect, useState } from "react";
import { addLine, formatLines } from "./decision-lines";

/** Returns the changed lines that are selected in the difference; null for none. */
export function useSelectedChanges(code: RefObject<HTMLElement>): SelectedLines | null {
  const [selected, setSelected] = useState<SelectedLines | null>(null);
  useEffect(() => {
    const onChange = () => {
      const next = readSelectedChanges(code.current);
      setSelected((before) => (nameOf(before) === nameOf(next) ? before : next));
    };
    document.addEventListener("selectionchange", onChange);
    return () => document.removeEventListener("selectionchange", onChange);
  }, [code]);
  return selected;
}

const nameOf = (lines: SelectedLines | null): string => (lines ? formatLines(lines) : "");

const CELL = "[data-change][data-line]";

function readSelectedChanges(code: HTMLElement | null): SelectedLines | null {
  const selection = getSelection();
  if (!code || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!code.contains(range.startContainer) || !code.contains(range.endContainer)) return null;
  const cells = [...code.querySelectorAll<HTMLElement>(CELL)].filter((cell) => range.intersectsNode(cell));
  const last = cells.at(-1);
  if (cells.length > 1 && range.endOffset === 0 && last?.contains(range.endContainer)) cells.pop();
  const [first, end] = [sideOf(range.startContainer), sideOf(range.endContainer)];
  // Side by side, a selection within one column is of that column.
  const side = code.dataset.view === "split" && first === end ? first : undefined;
  const selected: SelectedLines = { removed: [], added: [] };
  for (const { dataset } of cells) {
    const change = dataset.change === "removed" ? "removed" : "added";
    if (!side || side === change) addLine(selected[change], Number(dataset.line));
  }
  return selected.removed.length + selected.added.length > 0 ? selected : null;
}

function sideOf(node: Node): keyof SelectedLines | undefined {
  const cell = (node instanceof Element ? node : node.parentElement)?.closest(".diff-line, .code-line");
  return cell ? (cell.classList.contains("diff-line") ? "removed" : "added") : undefined;
}

/** Selects one more line of a hunk, or drops the first of those that are selected: by keyboard. */
export function changeSelection(code: HTMLElement, hunk: number, verb: "extend" | "shrink"): void {
  const start = code.querySelector(`[data-change-start="${hunk}"]`);
  const bar = code.querySelector(`.hunk-bar[data-hunk="${hunk}"]`);
  if (!start || !bar) return;
  const cells = [...code.querySelectorAll<HTMLElement>(CELL)].filter(
    (cell) => isBefore(start, cell) && isBefore(cell, bar),
  );
  const selection = getSelection();
  const range = selection && selection.rangeCount > 0 && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const chosen = range ? cells.filter((cell) => range.intersectsNode(cell)) : [];
  const [from, to] = [chosen[0] ? cells.indexOf(chosen[0]) : 0, chosen.length];
  const first = verb === "shrink" && to > 1 ? from + 1 : from;
  const last = verb === "extend" ? Math.min(from + to, cells.length - 1) : from + to - 1;
  const [one, other] = [cells[first], cells[Math.max(last, first)]];
  if (!one || !other) return;
  const next = document.createRange();
  next.setStart(one, 0);
  next.setEnd(other, other.childNodes.length);
  selection?.removeAllRanges();
  selection?.addRange(next);
}

const isBefore = (one: Node, other: Node): boolean =>
  one.contains(other) || (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
