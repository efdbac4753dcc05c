/** Finds secrets in any text. */
import type { RawFinding } from "../engine";

type SecretKind = { name: string; pattern: RegExp; accept?: (value: string) => boolean };

/** Formats that name themselves: a match is a secret or a very good imitation. The value is group 1 or the match. */
const secretKinds: readonly SecretKind[] = [
  { name: "AWS access key", pattern: /\b((?:AKIA|ASIA)[A-Z2-7]{16})\b/g },
  {
    name: "AWS secret key",
    pattern: /aws.{0,20}?secret.{0,24}?["'=:\s]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    accept: isRandom,
  },
  {
    name: "private key",
    pattern:
      /(-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----)(?=\s*[A-Za-z0-9+/=\\]|\s*\n)/g,
  },
  { name: "GitHub token", pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g },
  { name: "GitLab token", pattern: /\b(glpat-[A-Za-z0-9_-]{20,})/g },
  { name: "Slack token", pattern: /\b(xox[abeprs]-[A-Za-z0-9-]{20,})/g },
  {
    name: "Slack webhook",
    pattern: /(https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{16,})/g,
  },
  { name: "Stripe live key", pattern: /\b((?:sk|rk)_live_[A-Za-z0-9]{16,})\b/g },
  { name: "Google API key", pattern: /\b(AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g },
  { name: "npm token", pattern: /\b(npm_[A-Za-z0-9]{36})\b/g },
  { name: "PyPI token", pattern: /\b(pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,})/g },
  { name: "SendGrid key", pattern: /\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g },
  { name: "Anthropic key", pattern: /\b(sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{60,})/g },
  { name: "OpenAI key", pattern: /\b(sk-(?:proj-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,})/g },
  {
    name: "password in a URL",
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|amqps?|https?):\/\/[^\s:@/"'`$<>{}]{1,64}:([^\s:@/"'`$<>{}]{6,128})@[\w.-]+/g,
    accept: (value) => !isPlaceholder(value),
  },
];

/** `apiKey = "…"`: a name that says secret, and a value that looks random. */
const assignment =
  /(?:secret|token|passw(?:or)?d|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|credential)[\w-]{0,20}["']?\s{0,8}(?::\s{0,4}\w{1,20}\s{0,4})?(?:=|:|=>|:=)\s{0,8}["'`]([A-Za-z0-9+/=_.~-]{16,200})["'`]/gi;

export function findSecrets(text: string): RawFinding[] {
  const found: RawFinding[] = [];
  for (const { name, pattern, accept } of secretKinds) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? match[0];
      if (isExample(value) || (accept && !accept(value))) continue;
      const start = match.index + match[0].lastIndexOf(value);
      found.push({ rule: "redline/secret", start, end: start + value.length, title: `${sentence(name)} in the code` });
    }
  }
  for (const match of text.matchAll(assignment)) {
    const value = match[1] ?? "";
    const start = match.index + match[0].lastIndexOf(value);
    if (
      isExample(value) ||
      !isRandom(value) ||
      found.some((other) => start < other.end && other.start < start + value.length)
    ) {
      continue;
    }
    const title = "A value that looks like a secret is written in the code";
    found.push({ rule: "redline/possible-secret", start, end: start + value.length, title });
  }
  return found;
}

function sentence(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Documentation's own keys and obvious stand-ins. */
function isExample(value: string): boolean {
  return /EXAMPLE|(.)\1{7}|0123456789|123456789|abcdefgh|your[_-]|xxxx/i.test(value) && !value.startsWith("-----BEGIN");
}

function isPlaceholder(value: string): boolean {
  return /^(?:pass(?:word|wd)?|secret|user(?:name)?|test\w*|example|admin|root|postgres|changeme|guest|\*+|x+|\W+.*)$/i.test(
    value,
  );
}

/** Mixed letters and digits without words: at least 3.3 bits a character and never a path, a name or a version. */
function isRandom(value: string): boolean {
  const digits = value.replace(/\D/g, "").length;
  if (digits < 3 || digits === value.length || !/[A-Za-z]{1}/.test(value)) return false;
  if (/[a-z]{7,}|[A-Z]{9,}/.test(value) || /^[\w-]+(?:\.[\w-]+)+$/.test(value)) return false;
  return entropy(value) >= (/^[0-9a-f-]+$/i.test(value) ? 3 : 3.5);
}

/** Bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
