/** Git's name of a text: by the one that a diff states, it is known for certain whether the diff was made on this text. */

const ROTATIONS = [5, 30] as const;

/** Returns whether `text` is the blob of this name, which may be cut to 7 digits or more. False where fewer are given. */
export function isBlob(text: string, name: string): boolean {
  if (!/^[0-9a-f]{7,40}$/.test(name)) return false;
  const content = new TextEncoder().encode(text);
  const head = new TextEncoder().encode(`blob ${content.length}\0`);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return sha1(bytes).startsWith(name);
}

/** SHA-1 (FIPS 180-4), written out because this module runs in browsers too, where Node's is missing. */
function sha1(bytes: Uint8Array): string {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const words = new Uint32Array(80);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + i * 4);
    addBlock(state, words);
  }
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

function addBlock(state: Uint32Array, words: Uint32Array): void {
  const w = (at: number) => words[at] as number;
  for (let i = 16; i < 80; i++) words[i] = rotate(w(i - 3) ^ w(i - 8) ^ w(i - 14) ^ w(i - 16), 1);
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let i = 0; i < 80; i++) {
    const [f, k] =
      i < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : i < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : i < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6];
    const next = (rotate(a, ROTATIONS[0]) + f + e + k + w(i)) >>> 0;
    [e, d, c, b, a] = [d, c, rotate(b, ROTATIONS[1]), a, next];
  }
  for (const [at, value] of [a, b, c, d, e].entries()) state[at] = ((state[at] as number) + value) >>> 0;
}

const rotate = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;
