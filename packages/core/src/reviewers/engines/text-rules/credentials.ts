/** Credentials that have no format of their own: in addresses, headers and commands. */
import { isExample, isPlaceholder, isRandom } from "./values";

/** `weight` is how sure it is: a secret, one perhaps, or one of no worth to others. */
export type Credential = { start: number; end: number; name: string; weight: "secret" | "possible" | "harmless" };

const address =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|https?|ftps?|smtps?|ldaps?):\/\/[^\s:@/"'`$<>{}]{0,64}:([^\s:@/"'`$<>{}]{6,128})@([\w.-]+|\[[\da-f:]+\])/g;

/** Hosts that lead nowhere, or to the reader's own machine. */
const nowhere =
  /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|\[|host\.docker)|^[^.]*$|(?:^|\.)(?:example|test|invalid|local|localhost|domain|host|server|site|foo|bar|acme|your\w*|my\w*)(?:\.|$)/i;

export function inAddresses(text: string, isLenient: boolean): Credential[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(address)].flatMap(({ 0: whole, 1: value = "", 2: host = "", index }) => {
    if (isExample(value) || isPlaceholder(value)) return [];
    const isHarmless = isLenient || nowhere.test(host);
    if (isHarmless && !isRandom(value)) return [];
    const start = index + whole.lastIndexOf(`:${value}@`) + 1;
    return [
      { start, end: start + value.length, name: "Password in a URL", weight: isHarmless ? "harmless" : "secret" },
    ];
  });
}

const shapes: readonly { name: string; hint: RegExp; pattern: RegExp; accept: (value: string) => boolean }[] = [
  {
    name: "JSON web token",
    hint: /\beyJ/,
    pattern: /(?<![\w.-])(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})/g,
    accept: (value) => !isDemonstration(value),
  },
  {
    name: "Bearer token",
    hint: /bearer/i,
    pattern: /\bbearer\s+([A-Za-z0-9._~+/=-]{20,})/gi,
    accept: (value) => !isPlaceholder(value) && (isRandom(value) || /^ey|\.[\w-]{20,}$/.test(value)),
  },
  {
    name: "Password in a header",
    hint: /basic/i,
    pattern: /authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?basic\s+([A-Za-z0-9+/]{12,}={0,2})/gi,
    accept: isPairInBase64,
  },
  {
    name: "Password in a command",
    hint: /\bcurl\b/,
    pattern: /\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?["']?[\w.@+-]{1,64}:([^\s"'$<{:]{6,128})/g,
    accept: (value) => !isPlaceholder(value),
  },
  {
    name: "Docker registry password",
    hint: /"auth"/,
    pattern: /"auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/]{12,}={0,2})"/g,
    accept: isPairInBase64,
  },
];

/** Tests sign their tokens themselves. */
export function inHeadersAndCommands(text: string, isLenient: boolean): Credential[] {
  if (isLenient) return [];
  return shapes.flatMap(({ name, hint, pattern, accept }) => {
    if (!hint.test(text)) return [];
    return [...text.matchAll(pattern)].flatMap(({ 0: whole, 1: value = "", index }): Credential[] => {
      if (isExample(value) || !accept(value)) return [];
      const start = index + whole.lastIndexOf(value);
      return [{ start, end: start + value.length, name, weight: "possible" }];
    });
  });
}

/** A user's name and a password, neither of them made up. */
function isPairInBase64(value: string): boolean {
  const text = Buffer.from(value, "base64").toString("latin1");
  const password = /^[\x20-\x39\x3B-\x7E]+:([\x20-\x7E]{6,})$/.exec(text)?.[1];
  return password !== undefined && !isPlaceholder(password) && !isPlaceholder(text.split(":")[0] ?? "");
}

/** Returns whether a token is about nobody: those of documentation, or none that a service would sign. */
function isDemonstration(token: string): boolean {
  const [, payload = ""] = token.split(".");
  const claims = Buffer.from(payload, "base64url").toString("utf8");
  return (
    !claims.startsWith("{") ||
    /1234567890|John Doe|"(?:sub|name|user\w*|email)":"(?:test|user|foo|admin|example|alice|bob)|example\.|hello|world|foo/i.test(
      claims,
    ) ||
    /"exp":1?\d{1,8}\b/.test(claims)
  );
}
