/** Tells the language of a file by its name, its `#!` line or the beginning of its text. Browser code may import it. */
import { json, jsonc } from "./json/language";
import { detectCppHeader } from "./others";
import { contentDetectors, languages } from "./registry";

const byExtension = new Map(languages.flatMap(({ id, extensions }) => extensions.map((extension) => [extension, id])));
const byName = new Map(languages.flatMap(({ id, names = [] }) => names.map((name) => [name, id])));
const byInterpreter = new Map(
  languages.flatMap(({ id, interpreters = [] }) => interpreters.map((program) => [program, id])),
);
const shebang = new RegExp(`^#!.*?\\b(${[...byInterpreter.keys()].join("|")})`);
/** Names of files that hold what their ending does not say: what is pasted, backups, templates. */
const looseName =
  /^(?!.*(?:file|license|notice|readme|changelog|authors|owners|codeowners|version)$)[^.]*$|^pasted\b|\.(?:in|tmpl|template|bak|orig|dist|example|sample|lock)$/;

/** Returns the language id of a file, by its name and, where the name says nothing, by its text; "text" if unknown. */
export function detectLanguage(path: string, text: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const whole = `/${path.toLowerCase()}`;
  const matched =
    languages.find(({ pathPattern }) => pathPattern?.test(whole)) ??
    languages.find(({ namePattern }) => namePattern?.test(name));
  if (matched) return matched.id;
  const dot = name.lastIndexOf(".");
  const extension = dot >= 0 ? name.slice(dot + 1) : undefined;
  const known = byName.get(name) ?? (extension === undefined ? undefined : byExtension.get(extension));
  if (extension === "h" && detectCppHeader(text)) return "cpp";
  const head = text.slice(0, 4096).replace(/^\uFEFF/, "");
  if (known) return known === json.id && /^\s*\/[/*]/.test(head) ? jsonc.id : known;
  const program = shebang.exec(head)?.[1];
  if (program) return byInterpreter.get(program) ?? "text";
  return looseName.test(name) ? detectByContent(head) : "text";
}

/** A guess from the beginning of a text whose name says nothing; "text" unless it is clear. */
function detectByContent(head: string): string {
  for (const detect of contentDetectors) {
    const language = detect(head);
    if (language) return language;
  }
  return "text";
}
