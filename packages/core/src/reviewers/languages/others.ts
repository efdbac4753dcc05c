/** Languages of which Redline knows the name, the files and the colours; one with more to say has a folder. */
import type { ContentDetector, Language } from "./language";

export const graphql: Language = { id: "graphql", label: "GraphQL", extensions: ["graphql", "gql"] };

export const toml: Language = {
  id: "toml",
  label: "TOML",
  extensions: ["toml"],
  names: ["pipfile", "cargo.lock", "poetry.lock"],
  grammar: "TOML",
};

export const dataLanguages: readonly Language[] = [
  { id: "sql", label: "SQL", extensions: ["sql"], grammar: "SQL" },
  {
    id: "shell",
    label: "Shell",
    extensions: ["sh", "bash", "ksh"],
    names: [".bashrc", ".bash_profile", ".profile"],
    interpreters: ["bash", "dash", "ksh", "sh"],
    grammar: "Shell",
    hasFunctions: true,
  },
  {
    // It splits and compares by rules of its own, so those of other shells are wrong here.
    id: "zsh",
    label: "Zsh",
    extensions: ["zsh", "zsh-theme"],
    names: [".zshrc", ".zshenv", ".zprofile"],
    interpreters: ["zsh"],
    grammar: "Shell",
  },
  { id: "powershell", label: "PowerShell", extensions: ["ps1", "psm1", "psd1"], grammar: "PowerShell" },
  {
    id: "dockerfile",
    label: "Dockerfile",
    extensions: ["dockerfile"],
    names: ["dockerfile", "containerfile"],
    namePattern: /^(?:dockerfile|containerfile)\./,
    grammar: "Dockerfile",
  },
  {
    id: "properties",
    label: "Properties",
    extensions: ["properties", "ini", "cfg", "conf", "env"],
    names: [".env"],
    namePattern: /^\.env\./,
    grammar: "Properties files",
  },
];

export const compiledLanguages: readonly Language[] = [
  { id: "go", label: "Go", extensions: ["go"], grammar: "Go", hasFunctions: true },
  { id: "rust", label: "Rust", extensions: ["rs"], grammar: "Rust", hasFunctions: true },
  { id: "java", label: "Java", extensions: ["java"], grammar: "Java", hasFunctions: true },
  { id: "kotlin", label: "Kotlin", extensions: ["kt", "kts"], grammar: "Kotlin", hasFunctions: true },
  { id: "scala", label: "Scala", extensions: ["scala", "sc"], grammar: "Scala" },
  { id: "csharp", label: "C#", extensions: ["cs"], grammar: "C#", hasFunctions: true },
  { id: "c", label: "C", extensions: ["c", "h"], grammar: "C", hasFunctions: true },
  { id: "cpp", label: "C++", extensions: ["cpp", "cc", "cxx", "hpp", "hh", "hxx"], grammar: "C++", hasFunctions: true },
  { id: "swift", label: "Swift", extensions: ["swift"], grammar: "Swift" },
];

export const ruby: Language = {
  id: "ruby",
  label: "Ruby",
  extensions: ["rb", "rake", "gemspec"],
  names: ["gemfile", "rakefile"],
  interpreters: ["ruby"],
  grammar: "Ruby",
  hasFunctions: true,
};

export const otherLanguages: readonly Language[] = [
  { id: "perl", label: "Perl", extensions: ["pl", "pm"], interpreters: ["perl"], grammar: "Perl" },
  { id: "lua", label: "Lua", extensions: ["lua"], grammar: "Lua" },
  { id: "r", label: "R", extensions: ["r"], grammar: "R" },
  { id: "julia", label: "Julia", extensions: ["jl"], grammar: "Julia" },
  { id: "dart", label: "Dart", extensions: ["dart"], grammar: "Dart" },
  { id: "haskell", label: "Haskell", extensions: ["hs"], grammar: "Haskell" },
  { id: "elm", label: "Elm", extensions: ["elm"], grammar: "Elm" },
  { id: "clojure", label: "Clojure", extensions: ["clj", "cljs", "cljc", "edn"], grammar: "Clojure" },
  { id: "erlang", label: "Erlang", extensions: ["erl", "hrl"], grammar: "Erlang" },
  { id: "groovy", label: "Groovy", extensions: ["groovy", "gradle"], names: ["jenkinsfile"], grammar: "Groovy" },
  { id: "diff", label: "Diff", extensions: ["diff", "patch"], grammar: "diff", isProse: true },
  { id: "text", label: "Plain text", extensions: ["txt", "text", "log"], isProse: true },
];

export const detectDiff: ContentDetector = (head) => (/^diff --git |^--- .+\n\+\+\+ /m.test(head) ? "diff" : undefined);

export const detectGo: ContentDetector = (head) =>
  /^package \w+\s*$/m.test(head) && /^(?:func|import|type|var) /m.test(head) ? "go" : undefined;

export const detectRust: ContentDetector = (head) =>
  /^(?:use|fn|impl|pub (?:fn|struct|enum)|struct|enum) .*[{;]\s*$/m.test(head) && /\bfn \w+/.test(head)
    ? "rust"
    : undefined;

export const detectGraphql: ContentDetector = (head) =>
  /^(?:query|mutation|subscription|fragment|type|schema)\b.*\{\s*$/m.test(head) ? "graphql" : undefined;

export const detectSql: ContentDetector = (head) =>
  /^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|INDEX|VIEW))\b/im.test(head) ? "sql" : undefined;

/** Headers of C and C++ share their ending. */
export const detectCppHeader = (text: string): boolean =>
  /^\s*(?:template\s*<|namespace\s+[\w:]*\s*\{|class\s+\w[^;]*\{|using\s+\w|(?:public|private|protected):)|\bstd::/m.test(
    text,
  );
