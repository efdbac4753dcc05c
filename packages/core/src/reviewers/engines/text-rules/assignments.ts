/** Values given to names that say secret: `apiKey = "…"` in code, `API_KEY=…` and `password: …` in settings. */
import { isExample, isPlaceholder, isRandom } from "./values";

export type Assignment = { start: number; end: number };

const telling = `(?:secret|token|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|account[_-]?key|credential)`;

const quoted = new RegExp(
  String.raw`([\w.-]{0,40}${telling}[\w-]{0,30})["'\]]{0,2}\s{0,8}(?::\s{0,4}\w{1,20}\s{0,4})?(?:=|:|=>|:=)\s{0,8}["'\x60]([^\s"'\x60]{12,200})["'\x60]`,
  "gi",
);
/** In settings a value needs no quotes and ends with its line. */
const bare = new RegExp(
  String.raw`^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|set[ \t]+)?([\w.-]{0,40}${telling}[\w-]{0,30})[ \t]*(?:=|:[ \t]+|[ \t])[ \t]*([^\s"'#\x60]{12,200})[ \t]*(?:#.*)?\r?$`,
  "gim",
);
const settings = new Set(["properties", "yaml", "shell", "dockerfile", "toml", "ini", "text"]);

/** Endings of names that are about a secret and hold none. */
const about =
  /(?:id|ids|name|names|header|headers?name|url|uri|path|file|filename|dir|hash|sha\d*|md5|digest|checksum|fingerprint|type|types|ttl|expir\w*|expires?\w*|lifetime|length|size|count|limit|max|min|field|fields|prefix|suffix|pattern|regex|format|version|arn|endpoint|env|var|variable|label|placeholder|title|message|messages|error|errors|hint|help|text|description|prompt|scope|scopes|policy|algorithm|alg|kid|public|param|parameter|selector|input|class|event|action|route|table|column|index|ref|key_?ref|location|provider|strategy|store|storage|source|rules?|reset|required|enabled|verifier|validator|generator|symbol|kind|salt_rounds)$/i;
const isPublic =
  /public|publishable|anon[_-]?key|site[_-]?key|client[_-]?key|search[_-]?(?:only[_-]?)?(?:api[_-]?)?key|csrf|xsrf/i;

export function inAssignments(text: string, language: string): Assignment[] {
  const patterns = settings.has(language) ? [quoted, bare] : [quoted];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ 0: whole, 1: name = "", 2: value = "", index }) => {
      if (!isCredentialName(name) || !isCredential(value) || isForBrowsers(text, index)) return [];
      const start = index + whole.lastIndexOf(value);
      return [{ start, end: start + value.length }];
    }),
  );
}

function isCredentialName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return !about.test(/[^_.-]+$/.exec(words)?.[0] ?? words) && !isPublic.test(words);
}

/** Keys that services give to web pages stand beside what names the service. */
const isForBrowsers = (text: string, at: number): boolean =>
  /algolia|docsearch|authDomain|messagingSenderId|firebaseapp\.com/i.test(text.slice(Math.max(0, at - 200), at + 300));

const isCredential = (value: string): boolean =>
  /^[A-Za-z0-9+/=_.~!@#$%^&*?-]+$/.test(value) &&
  !isExample(value) &&
  !isPlaceholder(value) &&
  !/^(?:https?:|\/|\.\/|ssm:|vault:|arn:|op:|file:|env[.:])|^(?:process|os|env|secrets|vars|config)\./i.test(value) &&
  !/^sha\d+[-:]|^AIza/.test(value) &&
  isRandom(value);
