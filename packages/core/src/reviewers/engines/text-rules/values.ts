/** Tells values that may be credentials from words, placeholders, names and hashes. */

const shown = /EXAMPLE|(.)\1{5}|xxxx|\.\.\.|…|\*{3}|redacted|placeholder/i;

/** Documentation's own keys, and runs that people type. */
export const isExample = (value: string): boolean => shown.test(value) || /0123456789|123456789|abcdefgh/i.test(value);

/** As `isExample`, of a value whose format has numbers of its own. */
export const isExampleOfFormat = (value: string): boolean => shown.test(value) || isSequence(value);

const standIn =
  /(?:^|[^a-z])(?:pass(?:w(?:or)?d|phrase|wd)?|secret|user(?:name)?|test(?:ing)?|tests|example|sample|dummy|fake|mock|demo|admin|root|postgres|mysql|guest|foo(?:bar)?|bar|baz|qux|hello|changeme|change[-_]?(?:me|this|it)|replace[-_]?(?:me|this|with)?|insert|todo|your|my|none|null|undefined|true|false|default|invalid|wrong|token|key|credential|letmein|hunter2|menace|s3cr3t|p[a4@]ss(?:w[o0]rd)?|qwerty|abc123|abc|xxx|here|string|value|super|not[-_]?(?:a|so|real))(?![a-z])/i;

/** Returns whether a value stands for one that someone has to fill in, or says itself that it is none. */
export function isPlaceholder(value: string): boolean {
  const plain = decoded(value);
  return (
    standIn.test(plain.replace(/(?<=[a-z])(?=[A-Z])|(?<=[a-z])\d+/g, "_")) ||
    /^[$%#@<{[(]|\$\{|\{\{|<[\w -]+>|%\(|^\W+$/.test(value) ||
    isSequence(plain)
  );
}

/** Percent escapes as the characters that they stand for. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Returns whether much of a value counts up or repeats: `abc123def456`, `1111`. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at++) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    if (step === 1 || step === 0) steps++;
  }
  return value.length > 5 && steps / (value.length - 1) > 0.45;
}

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Pairs of letters that make up most of what people write. */
const commonPairs = new Set(
  (
    "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur " +
    "ic ro ri io ne li co me ma ce ch ll be om ec ta el us di ac la em il no pe so tr un ut po na im ag pr ho rs ns ss ee " +
    "ot id ie ul ge ir ow ad ai sh ke wo do mo up ap tu ca lo oo ey am ab op ig ay ev fo fi pl fr ct ck cl cr ex av iv ks " +
    "ry ty ly my by wa wi we ni mp nc uc ub ob su sp sc ls ts ds ys au uth eg ep gr gi go ga bo ba bi bl br da dr ef ei eo " +
    "fa fe ft gh gn gu if ip iz lu lt lv mi mb ms nk nu od ok ol os ov ph pa pi pu qu rc rd rg rk rl rm rn rt ru rv rr ru sk sl sm sw sy ua ue ui um va vi ye yo"
  ).split(" "),
);

/** The share of common pairs in a run of letters: two thirds and more in words, a third in random letters. */
function wordiness(letters: string): number {
  const lower = letters.toLowerCase();
  let common = 0;
  for (let at = 1; at < lower.length; at++) if (commonPairs.has(lower.slice(at - 1, at + 1))) common++;
  return common / Math.max(1, lower.length - 1);
}

/** Returns whether a value is made of words, numbers and what ties them: a name, a header, a version, a path. */
function isWords(value: string): boolean {
  const parts = value
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .flatMap((part) => part.match(/[A-Za-z]+|\d+/g) ?? []);
  const letters = parts.filter((part) => /[A-Za-z]/.test(part));
  const words = letters.filter((part) => part.length >= 3 && part.length < 16 && wordiness(part) >= 0.6);
  const inWords = words.reduce((sum, word) => sum + word.length, 0);
  const all = letters.reduce((sum, part) => sum + part.length, 0);
  return all > 0 && inWords / all >= 0.6;
}

/**
 * Returns whether a value looks made by a generator: letters and digits mixed, or letters that are no words, and never a
 * path, a version or a UUID.
 */
export function isRandom(value: string): boolean {
  if (isUuid(value) || isSequence(value) || !/[A-Za-z]/.test(value)) return false;
  if (/^[\w-]+(?:\.[\w-]+)+$/.test(value) || isWords(value) || isText(value)) return false;
  const isHex = /^[0-9a-f-]+$/i.test(value);
  const digits = value.replace(/\D/g, "").length;
  if (isHex) return digits >= 3 && entropy(value) >= 3;
  if (digits < 3 && wordiness(value.replace(/[^A-Za-z]/g, "")) > 0.5) return false;
  return entropy(value) >= (value.length < 16 ? 3 : 3.3);
}

/** Returns whether a value is base64 of a text with words in it, such as a user's name and "password". */
function isText(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{12,}={0,2}$/.test(value)) return false;
  const text = Buffer.from(value, "base64").toString("latin1");
  return /^[\x20-\x7E]+$/.test(text) && (isPlaceholder(text) || isWords(text));
}

/** Bits a character. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
