/** What happens between a work tree and its session, in sentences for the terminal. */
import type { Colors } from "../terminal";
import { printable } from "../terminal";
import type { SyncEvent, TreeSource } from "./ports";

export function sentenceOf(event: SyncEvent, colors: Colors): string {
  switch (event.kind) {
    case "head": {
      const files = `${event.files} ${event.files === 1 ? "file" : "files"}`;
      if (!event.isMoved) return `${colors.cyan(`v${event.version}`)} ${files} as on disk.`;
      return `${colors.cyan(`v${event.version}`)} The work tree is on another base, ${baseOf(event.source)}: ${files}.`;
    }
    case "written": {
      const from = colors.cyan(`v${event.version}`);
      return `${from} ${name(event.path)} was written${event.isMerged ? ", merged with what was edited on disk" : ""}.`;
    }
    case "conflict":
      return `${colors.yellow("!")} ${name(event.path)} is left as it is on disk: ${event.reason}. v${event.version} has the session's text.`;
    case "left":
      return `${colors.yellow("!")} ${name(event.path)}: the work tree was moved before what was accepted could be written. v${event.version} has it.`;
    case "busy":
      return `Waiting for the end of ${event.operation}.`;
    case "skipped":
      return `${colors.yellow("!")} skipped: ${name(event.path)} (a name that a session can't have)`;
    case "clean":
      return `Nothing differs from ${baseOf(event.source)} any more.`;
    case "trashed":
      return "The session is in the trash.";
  }
}

const name = (path: string): string => printable(path).replaceAll("\t", "\\u{9}");

const baseOf = ({ baseLabel, branch }: TreeSource): string =>
  printable(branch && baseLabel ? `${baseLabel} on ${branch}` : (baseLabel ?? branch ?? "its base"));
