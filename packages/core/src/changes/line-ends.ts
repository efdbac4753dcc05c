/** Changes of line ends, which no redline shows. */

const countOf = (text: string) => {
  const crlf = text.split("\r\n").length - 1;
  return { CRLF: crlf, LF: text.split("\n").length - 1 - crlf };
};

type LineEnd = keyof ReturnType<typeof countOf>;

const lines = (count: number) => (count === 1 ? "1 line" : `${count.toLocaleString("en")} lines`);

/**
 * Returns a sentence when a change converts line endings or leaves a file with mixed ones; undefined otherwise. Texts
 * are the whole file before and after.
 */
export function describeLineEnds(before: string, after: string): string | undefined {
  const [was, is] = [countOf(before), countOf(after)];
  for (const [to, from] of [
    ["LF", "CRLF"],
    ["CRLF", "LF"],
  ] satisfies [LineEnd, LineEnd][]) {
    const isOnlyThat = before !== after && before.replaceAll("\r\n", "\n") === after.replaceAll("\r\n", "\n");
    if (isOnlyThat && is[to] > was[to])
      return `Changes line ends alone: ${lines(is[to] - was[to])} from ${from} to ${to}`;
    if (was[to] === 0 && was[from] > 0 && is[to] > 0 && is[from] > 0) {
      return `Leaves ${lines(is[to])} ending in ${to} in a file whose lines end in ${from}`;
    }
  }
  return undefined;
}
