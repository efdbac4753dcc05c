/** The languages that Redline names, and how a file's language is told. Pure data: browser code may import it. */

import { AppError } from "../errors";

export type Language = {
  id: string;
  label: string;
  /** Without the dot, lower case. */
  extensions: readonly string[];
  /** Whole file names, lower case. */
  names?: readonly string[];
};

export const languages: readonly Language[] = [
  { id: "typescript", label: "TypeScript", extensions: ["ts", "mts", "cts"] },
  { id: "tsx", label: "TSX", extensions: ["tsx"] },
  { id: "javascript", label: "JavaScript", extensions: ["js", "mjs", "cjs"] },
  { id: "jsx", label: "JSX", extensions: ["jsx"] },
  { id: "python", label: "Python", extensions: ["py", "pyi", "pyw"], names: ["sconstruct", "sconscript"] },
  { id: "json", label: "JSON", extensions: ["json", "webmanifest", "geojson"], names: [".prettierrc"] },
  { id: "jsonc", label: "JSON with comments", extensions: ["jsonc", "json5", "code-workspace"] },
  { id: "css", label: "CSS", extensions: ["css"] },
  { id: "graphql", label: "GraphQL", extensions: ["graphql", "gql"] },
  { id: "markdown", label: "Markdown", extensions: ["md", "markdown", "mdx"] },
  { id: "html", label: "HTML", extensions: ["html", "htm", "xhtml"] },
  { id: "vue", label: "Vue", extensions: ["vue"] },
  { id: "svelte", label: "Svelte", extensions: ["svelte"] },
  { id: "astro", label: "Astro", extensions: ["astro"] },
  { id: "scss", label: "SCSS", extensions: ["scss"] },
  { id: "sass", label: "Sass", extensions: ["sass"] },
  { id: "less", label: "Less", extensions: ["less"] },
  { id: "yaml", label: "YAML", extensions: ["yaml", "yml"] },
  { id: "toml", label: "TOML", extensions: ["toml"], names: ["pipfile", "cargo.lock", "poetry.lock"] },
  { id: "xml", label: "XML", extensions: ["xml", "svg", "xsl", "xsd", "plist"] },
  { id: "sql", label: "SQL", extensions: ["sql"] },
  { id: "shell", label: "Shell", extensions: ["sh", "bash", "zsh", "ksh"], names: [".bashrc", ".zshrc", ".profile"] },
  { id: "powershell", label: "PowerShell", extensions: ["ps1", "psm1", "psd1"] },
  { id: "dockerfile", label: "Dockerfile", extensions: ["dockerfile"], names: ["dockerfile", "containerfile"] },
  { id: "properties", label: "Properties", extensions: ["properties", "ini", "cfg", "conf", "env"], names: [".env"] },
  { id: "go", label: "Go", extensions: ["go"] },
  { id: "rust", label: "Rust", extensions: ["rs"] },
  { id: "java", label: "Java", extensions: ["java"] },
  { id: "kotlin", label: "Kotlin", extensions: ["kt", "kts"] },
  { id: "scala", label: "Scala", extensions: ["scala", "sc"] },
  { id: "csharp", label: "C#", extensions: ["cs"] },
  { id: "c", label: "C", extensions: ["c", "h"] },
  { id: "cpp", label: "C++", extensions: ["cpp", "cc", "cxx", "hpp", "hh", "hxx"] },
  { id: "swift", label: "Swift", extensions: ["swift"] },
  { id: "ruby", label: "Ruby", extensions: ["rb", "rake", "gemspec"], names: ["gemfile", "rakefile"] },
  { id: "php", label: "PHP", extensions: ["php", "phtml"] },
  { id: "perl", label: "Perl", extensions: ["pl", "pm"] },
  { id: "lua", label: "Lua", extensions: ["lua"] },
  { id: "r", label: "R", extensions: ["r"] },
  { id: "julia", label: "Julia", extensions: ["jl"] },
  { id: "dart", label: "Dart", extensions: ["dart"] },
  { id: "haskell", label: "Haskell", extensions: ["hs"] },
  { id: "elm", label: "Elm", extensions: ["elm"] },
  { id: "clojure", label: "Clojure", extensions: ["clj", "cljs", "cljc", "edn"] },
  { id: "erlang", label: "Erlang", extensions: ["erl", "hrl"] },
  { id: "groovy", label: "Groovy", extensions: ["groovy", "gradle"], names: ["jenkinsfile"] },
  { id: "diff", label: "Diff", extensions: ["diff", "patch"] },
  { id: "text", label: "Plain text", extensions: ["txt", "text", "log"] },
];

const byId = new Map(languages.map((language) => [language.id, language]));
const byExtension = new Map(
  languages.flatMap((language) => language.extensions.map((extension) => [extension, language.id] as const)),
);
const byName = new Map(
  languages.flatMap((language) => (language.names ?? []).map((name) => [name, language.id] as const)),
);

/** Files that are JSON by their name but that their programs read with comments. */
const commentedJson =
  /^(?:tsconfig|jsconfig)(?:\..+)?\.json$|^\.eslintrc(?:\.json)?$|^(?:settings|launch|tasks)\.json$/;

export function languageLabel(id: string): string {
  return byId.get(id)?.label ?? id;
}

/** Returns the id of a language that Redline names. Throws INVALID_LANGUAGE for any other. */
export function requireLanguage(id: string): string {
  if (byId.has(id)) return id;
  throw new AppError("INVALID_LANGUAGE", `"${id.slice(0, 40)}" is not a language here.`, { field: "language" });
}

/** The language id of a file, by its name and, where the name says nothing, by how its text begins; "text" if unknown. */
export function detectLanguage(path: string, text: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (commentedJson.test(name)) return "jsonc";
  const named = byName.get(name);
  if (named) return named;
  if (/^(?:dockerfile|containerfile)\./.test(name)) return "dockerfile";
  if (name.startsWith(".env.")) return "properties";
  const dot = name.lastIndexOf(".");
  const known = dot >= 0 ? byExtension.get(name.slice(dot + 1)) : undefined;
  return known ?? byContent(text.slice(0, 4096).replace(/^\uFEFF/, ""));
}

/** A guess from the beginning of a pasted text; "text" unless it is clear. */
function byContent(head: string): string {
  const shebang = /^#!.*?\b(python|node|deno|bun|bash|zsh|sh|ruby|perl|php)/.exec(head)?.[1];
  if (shebang) {
    if (shebang === "python" || shebang === "ruby" || shebang === "perl" || shebang === "php") return shebang;
    return shebang === "node" || shebang === "deno" || shebang === "bun" ? "javascript" : "shell";
  }
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(head)) return "html";
  if (/^\s*<\?php/.test(head)) return "php";
  if (/^\s*<\?xml/.test(head)) return "xml";
  if (/^\s*(?:\{\s*"|\[\s*(?:\{|"|\d|\[))/.test(head)) return "json";
  if (/^diff --git |^--- .+\n\+\+\+ /m.test(head)) return "diff";
  if (/^package \w+\s*$/m.test(head) && /^(?:func|import|type|var) /m.test(head)) return "go";
  if (/^(?:use|fn|impl|pub (?:fn|struct|enum)|struct|enum) .*[{;]\s*$/m.test(head) && /\bfn \w+/.test(head))
    return "rust";
  if (/^(?:def \w+\(.*|class \w+.*|(?:el)?if .+|for .+ in .+|try|else|with .+):\s*(?:#.*)?$/m.test(head))
    return "python";
  if (/^(?:from [\w.]+ import |import [\w.]+(?:\s+as \w+)?\s*$)/m.test(head)) return "python";
  const script =
    /^\s*(?:import\s.*from\s+["']|import\s+["']|export\s|(?:const|let|var)\s+[\w{[]|(?:async\s+)?function\b|class\s+\w+)/m;
  if (script.test(head)) return scriptDialect(head);
  if (/^\s*(?:interface\s+\w+\s*\{|type\s+\w+\s*=|enum\s+\w+\s*\{)/m.test(head)) return "typescript";
  if (/^\s*(?:[.#@:\w*][^{};\n]*)\{\s*(?:\n\s*)?(?:--)?[\w-]+\s*:[^;{}]+;/m.test(head)) return "css";
  if (/^(?:query|mutation|subscription|fragment|type|schema)\b.*\{\s*$/m.test(head)) return "graphql";
  if (/^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|INDEX|VIEW))\b/im.test(head)) return "sql";
  if (/^#{1,6} \S|^```/m.test(head)) return "markdown";
  return "text";
}

function scriptDialect(head: string): string {
  const types =
    /\binterface\s+\w+|\btype\s+\w+\s*(?:<[^>]*>)?\s*=|:\s*(?:string|number|boolean|void|unknown|any|never|Promise<|Array<|\w+\[\])|\bimport\s+type\b|\bas\s+(?:const|string|number|\w+\[\])|\benum\s+\w+\s*\{|\bimplements\s/.test(
      head,
    );
  const markup = /(?:return|=>|\()\s*\(?\s*<[A-Za-z>]/.test(head) && /<\/[\w.]*>|\/>/.test(head);
  if (types) return markup ? "tsx" : "typescript";
  return markup ? "jsx" : "javascript";
}
