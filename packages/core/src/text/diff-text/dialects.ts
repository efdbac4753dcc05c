/** Forms of diffs that can't be applied, by the names that their tools give them. */
import { PatchRefused } from "../patch-refused";

/** A text that is a diff for certain, in a form that can't be applied. */
export class DialectRefused extends PatchRefused {}

const USE_UNIFIED = "Only unified diffs can be applied: use";

export const REFUSALS = {
  combined:
    "This is a combined diff of a merge (`git diff --cc`); it can't be applied. Use `git diff HEAD^1` for what the merge changed in its first parent.",
  context: `This is a context diff (\`diff -c\`). ${USE_UNIFIED} \`diff -u\`.`,
  words:
    "This is a word diff (`git diff --word-diff`), which doesn't keep lines as they are; it can't be applied. Use `git diff --no-color` without `--word-diff`.",
  colours:
    "This diff holds the colour codes of a terminal, so its lines can't be told from them. Make it with `--no-color` (`--color=never` in GNU diff).",
  quoted:
    'This diff is quoted in a mail ("> " before its lines). Use the text of the mail that it quotes, or the diff itself.',
  prefixed:
    "The lines of this diff stand behind something else (as with `git log --graph` or `--line-prefix`), so its signs can't be read. Make it without that.",
  encoded:
    "This mail's text is encoded (quoted-printable or base64), so the lines of its diff aren't those of the file. Save the decoded text, or use the diff itself.",
  flowed:
    'This mail is "format=flowed", which changes spaces at line ends, so its diff cannot be applied exactly. Use the diff itself.',
  binary: "The diff changes a binary file, which can't be edited as text. Leave that file out.",
  submodule: "The diff moves a submodule to another commit, which is no change of a file. Leave it out.",
  symlink: "The diff changes a symbolic link, which can't be kept. Leave it out.",
  oneSided: 'The diff lists files on one side only ("Only in …"), without their text. Create it with `diff -N`.',
  withoutContent:
    "The diff deletes a file without quoting its text (`git diff --irreversible-delete`, `svn log --diff`), so it can't be checked. Use `git diff` or `svn diff` without that.",
} as const;

/**
 * Told only where a text holds no unified diff, by one pattern or by two together. The first that fits is named. Texts are
 * long and anybody's: no pattern may look at a character more than a few times.
 */
const OTHERS: readonly (readonly [RegExp, string, RegExp?])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour code
  [/^\u001b\[[\d;]*m/m, REFUSALS.colours],
  [/^(?:> ?)+(?:diff --git |--- \S|@@ -\d)/m, REFUSALS.quoted],
  [/^[|*\\/_ \t]+(?:diff --git |@@ -\d+(?:,\d+)? \+\d)/m, REFUSALS.prefixed],
  [/^Content-Transfer-Encoding: (?:base64|quoted-printable)/im, REFUSALS.encoded],
  [/^\*{15}$/m, REFUSALS.context],
  [
    /^(?:Added|Modified|Removed|Renamed|Copied|Created|Resolved) (?:regular file|executable file|symlink|conflict|Git submodule)\b.*:$/m,
    `This is Jujutsu's diff of words (\`jj diff\`), without signs before its lines. ${USE_UNIFIED} \`jj diff --git\`.`,
  ],
  [
    /^ *(?:\d+|-+): +(?:[0-9a-f]{7,64}|-{7,64}) [=<>!] +(?:\d+|-+): /m,
    `This is a diff of diffs (\`git range-diff\`). ${USE_UNIFIED} \`git diff\`.`,
  ],
  [
    /^\d+(?:,\d+)?(?:a\d+(?:,\d+)?|d\d+|c\d+(?:,\d+)?)\r?\n(?:[<>] |[<>]\r?$)/m,
    `This is a diff in the normal form (\`diff\` without \`-u\`). ${USE_UNIFIED} \`diff -u\`.`,
  ],
  [
    /^(?:\d+(?:,\d+)?[ac]|[ac]\d+(?: \d+)?)\r?$/m,
    `This is an ed script (\`diff -e\` or \`-f\`). ${USE_UNIFIED} \`diff -u\`.`,
    /^\.\r?$/m,
  ],
  [/^[ad]\d+ \d+\r?$/m, `This is a diff in RCS form (\`diff -n\`). ${USE_UNIFIED} \`diff -u\`.`],
  [/[\t ]{2}[|<>](?:\t|\r?$)/m, `This is a diff side by side (\`diff -y\`). ${USE_UNIFIED} \`diff -u\`.`],
];

const LISTS: readonly RegExp[] = [
  /^ .+ \| +(?:\d+|Bin)\b/m,
  /^ ?\d+ files? changed\b/m,
  /^:\d{6} \d{6} [0-9a-f]+/m,
  /^(?:\d+|-)\t(?:\d+|-)\t/m,
  /^[ACDMRTUXB]\d{0,3}\t\S/m,
  /^ (?:create|delete) mode \d{6} /m,
  /^Files .+ and .+ differ$/m,
];

/** Forms that write the lines of a file without any sign, which may look like a hunk. */
const SCRIPTS = OTHERS.filter(([, reason]) => /ed script|RCS|normal form/.test(reason));

/** Throws for a text whose first hunk, without a name before it, is a line of a script that changes files. */
export function refuseScripts(text: string): void {
  const before = text.slice(0, Math.max(0, /^@@/m.exec(text)?.index ?? 0));
  const script = SCRIPTS.find(([pattern]) => pattern.test(before));
  if (script) throw new DialectRefused(script[1]);
}

/** Throws for a text without a unified diff: with the name of its form where that is known. */
export function refuseOtherForms(text: string): never {
  const other = OTHERS.find(([pattern, , another]) => pattern.test(text) && (another?.test(text) ?? true));
  if (other) throw new DialectRefused(other[1]);
  if (/^(?:old mode \d{6}|Property changes on: )/m.test(text)) {
    throw new PatchRefused("The diff changes only modes or properties of files, which are not kept. It has no hunks.");
  }
  const hint = 'each begins with a line "@@ -line,count +line,count @@".';
  if (LISTS.some((pattern) => pattern.test(text))) {
    throw new PatchRefused(
      `This only lists the files that changed (as \`git diff --stat\` does) and has no hunks: ${hint}`,
    );
  }
  throw new PatchRefused(`The diff has no hunks: ${hint}`);
}

/** Returns whether a line shows that words are marked and lines are not. */
export const holdsWordMarks = (line: string): boolean => holdsPair(line, "[-", "-]") || holdsPair(line, "{+", "+}");

function holdsPair(line: string, open: string, close: string): boolean {
  const at = line.indexOf(open);
  return at !== -1 && line.lastIndexOf(close) >= at + open.length;
}

/** Every "=" begins an escape of quoted-printable or a soft line break, and one stands for "=" itself. */
export function isQuotedPrintable(lines: readonly string[]): boolean {
  let escapes = 0;
  for (const line of lines) {
    for (let at = line.indexOf("="); at !== -1; at = line.indexOf("=", at + 1)) {
      const next = line.slice(at + 1, at + 3);
      if (next === "3D") escapes++;
      else if (!/^(?:[0-9A-F]{2}|\r?)$/.test(next)) return false;
    }
  }
  return escapes > 0;
}
