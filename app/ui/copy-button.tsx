import { Check, Copy } from "lucide-react";
import { IconButton } from "./button";
import { useCopy } from "./use-copy";

/** Copies a text; its name says what, then how that went. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { outcome, copy } = useCopy(text);
  return (
    <>
      <IconButton label={outcome || label} size="small" tipAlign="end" className="scripted" onClick={copy}>
        {outcome === "Copied" ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      </IconButton>
      <span role="status" className="sr-only">
        {outcome}
      </span>
    </>
  );
}
