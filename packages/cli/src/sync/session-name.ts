/** What a session of a work tree is called, so that lists tell one from another: the folder, and what is compared. */
import { basename } from "node:path";
import type { DifferenceSpec } from "../git/git";
import type { TreeSource } from "./ports";

const MAX_CHARS = 60;
const MAX_FOLDER_CHARS = 24;

export function sessionName(root: string, spec: DifferenceSpec, source: TreeSource): string {
  const folder = cut(oneLine(basename(root)) || "Work tree", MAX_FOLDER_CHARS);
  return cut(`${folder}: ${oneLine(compared(spec, source))}`, MAX_CHARS);
}

function compared({ kind }: DifferenceSpec, { range, branch }: TreeSource): string {
  const on = branch === undefined ? "" : ` on ${branch}`;
  if (kind === "uncommitted") return `uncommitted changes${on}`;
  if (kind === "staged") return `staged changes${on}`;
  return kind === "range" ? range : (branch ?? "all since the default branch");
}

const oneLine = (text: string): string => text.replaceAll(/[\p{C}\s]+/gu, " ").trim();

function cut(text: string, maxChars: number): string {
  const chars = [...text];
  return chars.length <= maxChars ? text : `${chars.slice(0, maxChars - 1).join("")}…`;
}
