import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Words that small values have in common; a value that holds many of them takes a third of its JSON. Never to be
 * changed: values that were packed with it can't be read with another. A better one gets a number of its own.
 */
const WORDS = [
  '"reason":"","state":"partly","state":"skipped","duplicates":[],"duplicates":[{"lines":,"places":[{"path":"src/',
  '"start":,"end":,"startLine":,"endLine":,"confidence":"high","severity":"minor","rule":"biome/',
  '{"coverage":[{"path":"src/","state":"covered","hash":"","language":"typescript","metrics":{"lines":,"codeLines":,',
  '"functions":,"complexityMax":,"complexityMean":,"duplicatedLines":0},"findings":0},{"path":"src/',
  '"counts":{"critical":0,"major":0,"minor":0,"nit":0},"fresh":0,"stillOpen":0,"answered":0,"gone":0}',
  '{"startLine":,"endLine":,"state":"exact","confidence":1,"quote":"","quoteIsWhole":true,"before":"","after":""}',
  '{"model":"","context":"file","usage":{"inputTokens":,"outputTokens":,"cachedTokens":0,"estimated":false},',
  '"costMicroUsd":null,"firstTokenMs":,"totalMs":}"error":{"code":"AI_","message":""}',
  '{"kind":"user","id":"usr_","name":""}{"kind":"editor"}{"kind":"message","sessionId":"ses_","threadId":"thr_","number":',
  '{"kind":"reviewer","id":"builtin","name":"Built-in reviewer"}',
  '{"kind":"finding","sessionId":"ses_","reviewId":"rev_","identity":""}',
  '{"parses":true,"added":[],"checkedAt":"2026-"}',
  '{"safety":"safe","summary":"","edits":[{"start":,"end":,"text":""}],"changeId":"chg_"}{"safety":"look-first","summary":"Remove ',
  '"language":"javascript""language":"python""language":"markdown""language":"json""language":"tsx"',
  '{"type":"proposal","proposal":{{"type":"doing","words":"{"type":"model","name":"{"type":"end","status":"done"}',
  '{"type":"done","counts":{"critical":0,"major":0,"minor":0,"nit":0},"fresh":0,"gone":0}]',
  '[{"type":"started","version":,"files":},{"type":"file","path":"src/","done":,"files":,"state":"covered","findings":0},',
  '[{"path":"src/","baseHash":"","edits":[{"start":,"end":,"text":"\\n"}]}]',
  '{"type":"text","text":" the "},{"type":"text","text":" ',
  '[{"path":"src/index.ts","hash":"","size":,"lines":,"language":"typescript"},{"path":"src/',
].join("");
const FIRST = 1;
const dictionary = Buffer.from(WORDS, "utf8");

/** A value as JSON in fewer bytes, for what is only ever read as a whole. */
export function deflateJson(value: unknown): Uint8Array {
  const packed = deflateRawSync(Buffer.from(JSON.stringify(value), "utf8"), { dictionary });
  return Buffer.concat([Buffer.of(FIRST), packed]);
}

export function inflateJson<T>(bytes: Uint8Array): T {
  if (bytes[0] !== FIRST) throw new Error(`A value was packed in a way that is not known here: ${bytes[0]}.`);
  return JSON.parse(inflateRawSync(bytes.subarray(1), { dictionary }).toString("utf8")) as T;
}

const SHORT_CHARS = 256;

/** For a text that may be long: `any().transform(packedText).castAs<string>()`. */
export const packedText = {
  encode: (text: unknown): unknown =>
    typeof text === "string" && text.length > SHORT_CHARS ? deflateJson(text) : text,
  decode: (stored: unknown): unknown => packed.decode(stored),
};

/** For an attribute of a table's item: `any().transform(packed)`. Also reads what was stored before it was packed. */
export const packed = {
  encode: (value: unknown): Uint8Array => deflateJson(value),
  decode: (stored: unknown): unknown => (stored instanceof Uint8Array ? inflateJson(stored) : stored),
};

const SHORT_JSON_CHARS = 400;

/**
 * For a small value of which a page reads many: JSON text while that is short, as inflating fifty takes longer than
 * reading them. Also reads what was packed before.
 */
export const shortJson = {
  encode: (value: unknown): unknown => {
    const text = JSON.stringify(value);
    return text.length <= SHORT_JSON_CHARS ? text : deflateJson(value);
  },
  decode: (stored: unknown): unknown => (typeof stored === "string" ? JSON.parse(stored) : packed.decode(stored)),
};
