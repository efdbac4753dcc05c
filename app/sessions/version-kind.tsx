import type { VersionKind } from "@redline/core/codebases/schema";
import { Badge } from "../ui/badge";

const NAMES: Record<VersionKind, string> = {
  create: "created",
  save: "saved",
  apply: "applied",
  undo: "undone",
  restore: "restored",
  merge: "merged",
  base: "base",
  head: "head",
};

/** Shows a version's kind. */
export function VersionKindBadge({ kind }: { kind: VersionKind }) {
  return <Badge>{NAMES[kind]}</Badge>;
}
