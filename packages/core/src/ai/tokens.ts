/**
 * Estimates a text's tokens for a model from the kinds of its characters. No model's own tokenizer is needed: those of
 * Claude and Nova are not public, and the others take tens of megabytes each. ADR 0023 says how the costs were found.
 */
import type { ModelMessage } from "./schema";

/**
 * Kinds of tokenizers: `wide` has some 100,000 to 200,000 tokens (GPT, Llama 3, DeepSeek), `digits` splits numbers into
 * digits as well (Qwen, Gemma), `narrow` has some 32,000 (Mistral, Llama 2) and is also the bound taken for Claude and
 * Nova; `any` bounds GPT-2's kind too, which has a token for each space.
 */
export const TOKENIZERS = ["wide", "digits", "narrow", "any"] as const;
export type Tokenizer = (typeof TOKENIZERS)[number];

/** Tokens that one of each kind costs, at most. */
type Costs = {
  /** A run of letters, or its part from a capital on. */
  word: number;
  /** Each letter of such a part after its tenth. */
  longWord: number;
  /** Each capital after a part's first letter. */
  capital: number;
  /** Each consonant after two others: names and words have few, keys and hashes have many. */
  cluster: number;
  digit: number;
  number: number;
  /** Punctuation, and the same once more. */
  mark: number;
  sameMark: number;
  newline: number;
  carriageReturn: number;
  /** Two spaces or more, and each of them after the first. One space goes with the word after it. */
  spaces: number;
  space: number;
  tab: number;
  sameTab: number;
  control: number;
  /** Beyond ASCII, by the bytes of UTF-8; a character of four bytes counts as two of `wide4`. */
  wide2: number;
  wide3: number;
  wide4: number;
};

const COSTS: Record<Tokenizer, Costs> = {
  wide: {
    word: 1.35,
    longWord: 0.58,
    capital: 0.34,
    cluster: 0.42,
    digit: 0.45,
    number: 1.07,
    mark: 0.76,
    sameMark: 0.26,
    newline: 0.81,
    carriageReturn: 1.04,
    spaces: 2.51,
    space: 0.03,
    tab: 1.03,
    sameTab: 0.96,
    control: 1.04,
    wide2: 1.45,
    wide3: 2.75,
    wide4: 1.52,
  },
  digits: {
    word: 1.19,
    longWord: 0.57,
    capital: 0.6,
    cluster: 0.42,
    digit: 1.04,
    number: 1.32,
    mark: 0.76,
    sameMark: 0.26,
    newline: 1.06,
    carriageReturn: 0.85,
    spaces: 1.84,
    space: 0.03,
    tab: 1.72,
    sameTab: 1.04,
    control: 1.04,
    wide2: 1.85,
    wide3: 3.12,
    wide4: 1.52,
  },
  narrow: {
    word: 1.81,
    longWord: 0.63,
    capital: 0.28,
    cluster: 0.35,
    digit: 1.04,
    number: 1.25,
    mark: 0.83,
    sameMark: 0.26,
    newline: 1.92,
    carriageReturn: 0.32,
    spaces: 0.21,
    space: 0.03,
    tab: 1.42,
    sameTab: 1.04,
    control: 1.04,
    wide2: 2.08,
    wide3: 3.06,
    wide4: 2.08,
  },
  any: {
    word: 1.96,
    longWord: 0.63,
    capital: 0.15,
    cluster: 0.42,
    digit: 1.04,
    number: 1.2,
    mark: 0.88,
    sameMark: 0.26,
    newline: 1.06,
    carriageReturn: 0.32,
    spaces: 0.21,
    space: 1,
    tab: 2.11,
    sameTab: 1.04,
    control: 1.04,
    wide2: 2.05,
    wide3: 3.06,
    wide4: 2.08,
  },
};

const [LOWER, UPPER, DIGIT, MARK, SPACE, NEWLINE, TAB, RETURN, CONTROL, WIDE2, WIDE3, WIDE4] = Array.from(
  { length: 12 },
  (_, kind) => kind,
) as [number, number, number, number, number, number, number, number, number, number, number, number];

/** The kind of each character under 128. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/\d/.test(character)) return DIGIT;
  if (character === " ") return SPACE;
  if (character === "\n") return NEWLINE;
  if (character === "\t") return TAB;
  if (character === "\r") return RETURN;
  return code < 32 || code === 127 ? CONTROL : MARK;
});

const VOWELS = Uint8Array.from({ length: 128 }, (_, code) => Number(/[aeiou]/i.test(String.fromCharCode(code))));

const LONG_WORD = 10;

/** Returns the estimate, a whole number; no fewer tokens than a tokenizer of that kind makes of it. */
export function estimateTokens(text: string, tokenizer: Tokenizer): number {
  const costs = COSTS[tokenizer];
  let tokens = 0;
  let before = -1;
  let codeBefore = -1;
  let letters = 0;
  let consonants = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = classifyChar(code);
    const isSame = kind === before;
    if (kind === LOWER || kind === UPPER) {
      const isWord = letters === 0 || (kind === UPPER && before === LOWER);
      letters = isWord ? 1 : letters + 1;
      if (isWord) tokens += costs.word;
      else if (kind === UPPER) tokens += costs.capital;
      if (letters > LONG_WORD) tokens += costs.longWord;
      consonants = VOWELS[code] ? 0 : isWord ? 1 : consonants + 1;
      if (consonants > 2) tokens += costs.cluster;
    } else {
      letters = 0;
      if (kind === DIGIT) tokens += isSame ? costs.digit : costs.digit + costs.number;
      else if (kind === MARK) tokens += code === codeBefore ? costs.sameMark : costs.mark;
      else if (kind === SPACE) {
        if (isSame) tokens += costs.space;
        else if (text.charCodeAt(at + 1) === code) tokens += costs.spaces;
      } else if (kind === NEWLINE) tokens += costs.newline;
      else if (kind === TAB) tokens += isSame ? costs.sameTab : costs.tab;
      else if (kind === RETURN) tokens += costs.carriageReturn;
      else if (kind === CONTROL) tokens += costs.control;
      else tokens += kind === WIDE2 ? costs.wide2 : kind === WIDE3 ? costs.wide3 : costs.wide4;
    }
    before = kind;
    codeBefore = code;
  }
  return Math.ceil(tokens);
}

function classifyChar(code: number): number {
  if (code < 128) return KINDS[code] as number;
  if (code < 0x800) return WIDE2;
  return code >= 0xd800 && code <= 0xdfff ? WIDE4 : WIDE3;
}

/** Most tokens that a chat template puts around a message. */
export const MESSAGE_TOKENS = 8;
/** Most tokens before the first message: dates, names and rules of the template's own. */
const TEMPLATE_TOKENS = 64;
/** Most tokens on how tools are called; Anthropic documents up to 346 for Claude. */
const TOOLS_TOKENS = 400;

type Sent = { system: string; messages: readonly ModelMessage[]; tools: readonly object[] };

/** Returns the tokens of all that is sent, the chat template and the tools in it included. */
export function requestTokens(request: Sent, tokensOf: (text: string) => number): number {
  const said = request.messages.reduce((sum, message) => sum + MESSAGE_TOKENS + messageTokens(message, tokensOf), 0);
  return TEMPLATE_TOKENS + tokensOf(request.system) + said + toolTokens(request.tools, tokensOf);
}

/** Some templates indent the schemas of tools by four. */
export const toolTokens = (tools: readonly object[], tokensOf: (text: string) => number): number =>
  tools.length === 0 ? 0 : TOOLS_TOKENS + tokensOf(tools.map((tool) => JSON.stringify(tool, null, 4)).join("\n"));

function messageTokens(message: ModelMessage, tokensOf: (text: string) => number): number {
  if (message.role === "tool") {
    return message.results.reduce((sum, { text }) => sum + MESSAGE_TOKENS + tokensOf(text), 0);
  }
  const calls = message.role === "assistant" && message.toolCalls?.length ? JSON.stringify(message.toolCalls) : "";
  return tokensOf(message.text) + (calls ? MESSAGE_TOKENS + tokensOf(calls) : 0);
}
