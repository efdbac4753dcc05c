/** Translations between the ways engines count places in a text. Ours: UTF-16 offsets, and lines ended by LF. */

/** Offsets at which lines begin. With `loneCarriageReturn`, a CR without LF ends a line too, as Ruff counts. */
export function lineStarts(text: string, { loneCarriageReturn = false } = {}): Uint32Array {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) starts.push(at + 1);
    else if (loneCarriageReturn && code === 13 && text.charCodeAt(at + 1) !== 10) starts.push(at + 1);
  }
  return Uint32Array.from(starts);
}

/** The 1-based line that holds `offset`. */
export function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/**
 * A function from UTF-8 byte offsets to UTF-16 offsets. An unpaired surrogate counts as the three bytes of the
 * replacement character that it becomes on its way into WebAssembly.
 */
export function unitsFromBytes(text: string): (byte: number) => number {
  const byteLength = Buffer.byteLength(text);
  if (byteLength === text.length) return (byte) => Math.min(byte, text.length);
  const units = new Uint32Array(byteLength + 1);
  let byte = 0;
  for (let unit = 0; unit < text.length; ) {
    const code = text.codePointAt(unit) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    units.fill(unit, byte, byte + bytes);
    byte += bytes;
    unit += bytes === 4 ? 2 : 1;
  }
  units[byteLength] = text.length;
  return (offset) => units[Math.min(offset, byteLength)] ?? text.length;
}
