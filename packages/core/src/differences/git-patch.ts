/** Writes a changed file as git does, so that `git apply` takes it. */
import { unifiedHunks } from "../text/index";
import type { FileOnBothSides } from "./read";
import type { BothTexts } from "./texts";

const FILE_MODE = "100644";

/** Returns one file's part of a patch; a comment, which git passes over, for a file without text. */
export function gitPatch({ file }: FileOnBothSides, { before, after, parts }: BothTexts): string {
  const { path, from = path, textless, oldMode, newMode } = file;
  if (textless) return `# ${path} is left out: ${textless}\n`;
  const isMoved = from !== path;
  const isGone = after === null;
  const isNew = before === null;
  if (isGone && isNew) return "";
  const hunks = unifiedHunks(before ?? "", after ?? "", { parts });
  const isModeChanged = !isNew && !isGone && oldMode !== undefined && newMode !== undefined && oldMode !== newMode;
  if (hunks === "" && !isMoved && !isModeChanged && !isNew && !isGone) return "";
  const verb = file.status === "copied" ? "copy" : "rename";
  const head = [
    `diff --git ${quoteName(`a/${from}`)} ${quoteName(`b/${path}`)}`,
    ...(isModeChanged ? [`old mode ${oldMode}`, `new mode ${newMode}`] : []),
    ...(isNew ? [`new file mode ${newMode ?? FILE_MODE}`] : []),
    ...(isGone ? [`deleted file mode ${oldMode ?? FILE_MODE}`] : []),
    ...(isMoved && !isNew && !isGone ? [`${verb} from ${quoteName(from)}`, `${verb} to ${quoteName(path)}`] : []),
  ];
  if (hunks !== "") {
    head.push(`--- ${isNew ? "/dev/null" : headerName(`a/${from}`)}`);
    head.push(`+++ ${isGone ? "/dev/null" : headerName(`b/${path}`)}`);
  }
  return `${head.join("\n")}\n${hunks}`;
}

/** Git ends a name that holds blanks with a tab. */
const headerName = (name: string): string => {
  const quoted = quoteName(name);
  return quoted === name && name.includes(" ") ? `${name}\t` : quoted;
};

/** Quotes a name as in C where it holds quotes, backslashes or anything but ASCII. */
function quoteName(name: string): string {
  if (/^[^"\\\u007f-\uffff]*$/.test(name)) return name;
  const bytes = [...Buffer.from(name, "utf8")].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, "0")}` : String.fromCharCode(byte);
  });
  return `"${bytes.join("")}"`;
}
