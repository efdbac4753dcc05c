import { ClipboardCopy, Download, FileText } from "lucide-react";
import type { MouseEvent } from "react";
import { menuItemClass } from "../ui/menu";
import { useToast } from "../ui/toast";

/** The menu's items of a difference: its patch, its review, and a prompt for a coding agent. */
export function DifferenceExportItems({ sessionId }: { sessionId: string }) {
  const toast = useToast();
  const at = `/sessions/${sessionId}`;
  const copy = async (event: MouseEvent) => {
    event.preventDefault();
    try {
      const response = await fetch(`${at}/prompt`);
      if (!response.ok) throw new Error(`The prompt could not be loaded: ${response.status}.`);
      await navigator.clipboard.writeText(await response.text());
      toast({ message: "Copied: rejected changes, open threads and new findings as a prompt.", tone: "success" });
    } catch {
      // Without leave for the clipboard it can be copied from its page.
      window.open(`${at}/prompt`, "_blank", "noopener");
    }
  };
  return (
    <>
      <a className={menuItemClass} href={`${at}/prompt`} data-menu-item onClick={copy}>
        <ClipboardCopy size={16} aria-hidden="true" /> Copy as a prompt
      </a>
      <a className={menuItemClass} href={`${at}/export.patch`} data-menu-item>
        <Download size={16} aria-hidden="true" /> Export as patch (.patch)
      </a>
      <a className={menuItemClass} href={`${at}/export.md`} data-menu-item>
        <FileText size={16} aria-hidden="true" /> Export review (.md)
      </a>
    </>
  );
}
