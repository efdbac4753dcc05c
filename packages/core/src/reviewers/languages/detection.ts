/** Tells the language of a file by its name, its `#!` line or the beginning of its text. Browser code may import it. */
import { contentDetectors, languages } from "./registry";

const byExtension = new Map(languages.flatMap(({ id, extensions }) => extensions.map((extension) => [extension, id])));
const byName = new Map(languages.flatMap(({ id, names = [] }) => names.map((name) => [name, id])));
const byInterpreter = new Map(
  languages.flatMap(({ id, interpreters = [] }) => interpreters.map((program) => [program, id])),
);
const shebang = new RegExp(`^#!.*?\\b(${[...byInterpreter.keys()].join("|")})`);

/** Returns the language id of a file, by its name and, where the name says nothing, by its text; "text" if unknown. */
export function detectLanguage(path: string, text: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const matched = languages.find(({ namePattern }) => namePattern?.test(name));
  if (matched) return matched.id;
  const dot = name.lastIndexOf(".");
  const extension = dot >= 0 ? name.slice(dot + 1) : undefined;
  const known = byName.get(name) ?? (extension === undefined ? undefined : byExtension.get(extension));
  return known ?? detectByContent(text.slice(0, 4096).replace(/^\uFEFF/, ""));
}

/** A guess from the beginning of a pasted text; "text" unless it is clear. */
function detectByContent(head: string): string {
  const program = shebang.exec(head)?.[1];
  if (program) return byInterpreter.get(program) ?? "text";
  for (const detect of contentDetectors) {
    const language = detect(head);
    if (language) return language;
  }
  return "text";
}
