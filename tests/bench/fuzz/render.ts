/** Blocks as the text of an answer. */
import type { PatchFormat } from "@redline/core/text/index";
import { type Block, type BlockLine, isInsertion, newOf, oldOf } from "./blocks";
import type { RandomFile } from "./files";

/** The form of an answer beside its blocks: none of it changes the meaning. */
export type Rendering = {
  /** Line ends as the file has them, in place of "\n" alone. */
  keepsReturns: boolean;
  /** Line ends that the file does not have. */
  addsReturns: boolean;
  /** Texts end in the newline of their last line. */
  endsInNewline: boolean;
  /** A diff's headers count right. */
  countsRight: boolean;
  /** Blank context lines of a diff keep their space. */
  keepsSpaces: boolean;
  hasNames: boolean;
};

export const PLAIN: Rendering = {
  keepsReturns: false,
  addsReturns: false,
  endsInNewline: false,
  countsRight: true,
  keepsSpaces: true,
  hasNames: true,
};

export function render(
  file: RandomFile,
  format: PatchFormat,
  blocks: readonly Block[],
  rendering: Rendering,
): string | object {
  const keepsReturns = rendering.keepsReturns && file.style.newline === "\r\n";
  const end = rendering.addsReturns || keepsReturns ? "\r" : "";
  if (format === "unified") return unified(blocks, end, rendering);
  const write = (lines: readonly string[]) =>
    lines.map((line) => line + end).join("\n") + (rendering.endsInNewline && lines.length > 0 ? "\n" : "");
  if (format === "search_replace") {
    return blocks.map((block) => ({ search: write(oldOf(block)), replace: write(newOf(block)) }));
  }
  return blocks.map((block) => ({
    start_line: block.start + 1,
    end_line: block.start + oldOf(block).length,
    original: write(oldOf(block)),
    // An insertion's text has nothing to end like.
    replacement: isInsertion(block) ? newOf(block).join("\n") : write(newOf(block)),
  }));
}

function unified(blocks: readonly Block[], end: string, rendering: Rendering): string {
  let shift = 0;
  const hunks = blocks.map((block) => {
    const old = oldOf(block).length;
    const young = newOf(block).length;
    const [shownOld, shownNew] = rendering.countsRight ? [old, young] : [old + 1, Math.max(1, young - 1)];
    const header = `@@ -${range(block.start, shownOld)} +${range(block.start + shift, shownNew)} @@\n`;
    shift += young - old;
    return header + signed(block.reachesEnd ? withLastLines(block) : block, end, rendering);
  });
  return `${rendering.hasNames ? "--- a/file\n+++ b/file\n" : ""}${hunks.join("")}`;
}

/** A line that is the file's last before or after, but not both, differs in its end: a diff has it twice. */
function withLastLines(block: Block): Block {
  const { lines } = block;
  const lastOld = lines.findLastIndex(({ sign }) => sign !== "+");
  const lastNew = lines.findLastIndex(({ sign }) => sign !== "-");
  if (lastOld === lastNew) return block;
  const twice = lines.flatMap((line, at): BlockLine[] =>
    line.sign === " " && (at === lastOld || at === lastNew)
      ? [
          { ...line, sign: "-" },
          { ...line, sign: "+" },
        ]
      : [line],
  );
  return { ...block, lines: twice };
}

const NO_NEWLINE = "\\ No newline at end of file\n";

function signed({ lines, reachesEnd }: Block, end: string, { keepsSpaces }: Rendering): string {
  const lastOld = lines.findLastIndex(({ sign }) => sign !== "+");
  const lastNew = lines.findLastIndex(({ sign }) => sign !== "-");
  return lines
    .map(({ sign, text }, at) => {
      const isLast = reachesEnd && (at === lastOld || at === lastNew);
      const written = sign === " " && text === "" && !keepsSpaces ? "" : sign + text;
      return isLast ? `${written}\n${NO_NEWLINE}` : `${written}${end}\n`;
    })
    .join("");
}

const range = (start: number, count: number): string =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
