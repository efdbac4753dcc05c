/** Lezer syntax trees: what encloses a place, how complex functions are, what is comment, how code is coloured. */
import { languages as grammars } from "@codemirror/language-data";
import type { Parser, SyntaxNode, Tree } from "@lezer/common";

/** Language ids that have a grammar, by its name in @codemirror/language-data. */
const grammarNames = new Map<string, string>(
  Object.entries({
    typescript: "TypeScript",
    tsx: "TSX",
    javascript: "JavaScript",
    jsx: "JSX",
    python: "Python",
    json: "JSON",
    jsonc: "JavaScript",
    css: "CSS",
    markdown: "Markdown",
    html: "HTML",
    vue: "Vue",
    svelte: "HTML",
    astro: "HTML",
    scss: "SCSS",
    sass: "Sass",
    less: "LESS",
    yaml: "YAML",
    toml: "TOML",
    xml: "XML",
    sql: "SQL",
    shell: "Shell",
    powershell: "PowerShell",
    dockerfile: "Dockerfile",
    properties: "Properties files",
    go: "Go",
    rust: "Rust",
    java: "Java",
    kotlin: "Kotlin",
    scala: "Scala",
    csharp: "C#",
    c: "C",
    cpp: "C++",
    swift: "Swift",
    ruby: "Ruby",
    php: "PHP",
    perl: "Perl",
    lua: "Lua",
    r: "R",
    julia: "Julia",
    dart: "Dart",
    haskell: "Haskell",
    elm: "Elm",
    clojure: "Clojure",
    erlang: "Erlang",
    groovy: "Groovy",
    diff: "diff",
  }),
);

/** Plain JavaScript files may hold JSX, and the JSX grammar reads both. */
const structural = new Map<string, string>(Object.entries({ javascript: "JSX" }));

const loaded = new Map<string, Promise<Parser | undefined>>();

async function parserFor(name: string | undefined): Promise<Parser | undefined> {
  if (!name) return undefined;
  const known = loaded.get(name);
  if (known) return known;
  const description = grammars.find((grammar) => grammar.name === name);
  const parser = description
    ? description.load().then((support) => support.language.parser)
    : Promise.resolve(undefined);
  loaded.set(name, parser);
  return parser;
}

export function highlightParser(language: string): Promise<Parser | undefined> {
  return parserFor(structural.get(language) ?? grammarNames.get(language));
}

const structuredLanguages = new Set(["typescript", "tsx", "javascript", "jsx", "python", "json", "jsonc", "css"]);

/** The parser whose tree `Syntax` understands, for the languages that have rules. */
export async function structureParser(language: string): Promise<Parser | undefined> {
  return structuredLanguages.has(language) ? highlightParser(language) : undefined;
}

const functionNodes = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunction",
  "MethodDeclaration",
  "FunctionDefinition",
  "LambdaExpression",
]);

/**
 * Tokens of JavaScript, TypeScript and Python that add a path through a function. Both halves of `? :` are a LogicOp
 * like && and ||; only the first counts.
 */
const decisionNodes = new Set(["if", "elif", "for", "while", "case", "catch", "except", "and", "or", "LogicOp"]);

const namedNodes: Record<string, readonly string[]> = {
  FunctionDeclaration: ["VariableDefinition"],
  ClassDeclaration: ["VariableDefinition"],
  ClassExpression: ["VariableDefinition"],
  FunctionExpression: ["VariableDefinition"],
  MethodDeclaration: ["PropertyDefinition", "PrivatePropertyDefinition"],
  PropertyDeclaration: ["PropertyDefinition", "PrivatePropertyDefinition"],
  InterfaceDeclaration: ["TypeDefinition"],
  TypeAliasDeclaration: ["TypeDefinition"],
  EnumDeclaration: ["TypeDefinition"],
  NamespaceDeclaration: ["VariableDefinition"],
  FunctionDefinition: ["VariableName"],
  ClassDefinition: ["VariableName"],
};

const commentNodes = new Set(["LineComment", "BlockComment", "Comment"]);

export type FunctionShape = { name: string; start: number; end: number; complexity: number };

/** Fewer characters than this say too little to recognise a place by; more change too often. */
const minContextChars = 12;
const maxContextChars = 60;
/** How much is read for those: white space can be most of it. */
const readContextChars = 20 * maxContextChars;
/** Kinds of syntax, in all our grammars, that stand for themselves. */
const wholeStatement = /(?:Statement|Declaration|Definition|RuleSet|Script|Body|Block)$/;

export class Syntax {
  private declared: Set<string> | undefined;

  constructor(
    readonly tree: Tree,
    readonly text: string,
    readonly language: string,
  ) {}

  /** `Cart.total` for a place inside that method; "" at the top of the file. */
  symbolAt(start: number, end: number): string {
    const names: string[] = [];
    for (let node = this.nodeAt(start, end); node; node = (node.parent as SyntaxNode | null) ?? undefined) {
      const name = this.nameOf(node);
      if (name) names.unshift(name);
    }
    return names.join(".");
  }

  /**
   * The code a finding is about without its white space: the smallest expression around it that says enough, so that two
   * findings on equal operators in different expressions differ and reformatting changes nothing. It stops at statements
   * and after some characters, so that an edit further on changes nothing either.
   */
  contextAt(start: number, end: number): string {
    let best = squeeze(this.text.slice(start, Math.min(end, start + readContextChars)));
    let node = this.nodeAt(start, end);
    while (node && best.length < minContextChars && !functionNodes.has(node.name)) {
      const text = squeeze(this.text.slice(node.from, Math.min(node.to, node.from + readContextChars)));
      if (text.length > best.length) best = text;
      if (wholeStatement.test(node.name)) break;
      node = node.parent ?? undefined;
    }
    return best.slice(0, maxContextChars);
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** Whether any variable or parameter of the file has this name. */
  declares(name: string): boolean {
    this.declared ??= this.declaredNames();
    return this.declared.has(name);
  }

  /** Ranges of comments, in order. */
  comments(): { from: number; to: number }[] {
    const found: { from: number; to: number }[] = [];
    this.tree.iterate({
      enter: (node) => {
        if (commentNodes.has(node.name)) found.push({ from: node.from, to: node.to });
      },
    });
    return found;
  }

  /** Every function with its cyclomatic complexity; decisions inside a nested function are the nested one's. */
  functions(): FunctionShape[] {
    const open: FunctionShape[] = [];
    const all: FunctionShape[] = [];
    this.tree.iterate({
      enter: (node) => {
        if (functionNodes.has(node.name)) {
          const shape = { ...this.headOf(node.node), complexity: 1 };
          open.push(shape);
          all.push(shape);
        } else if (decisionNodes.has(node.name) && !(node.name === "LogicOp" && this.text[node.from] === ":")) {
          const innermost = open.at(-1);
          if (innermost) innermost.complexity++;
        }
      },
      leave: (node) => {
        if (functionNodes.has(node.name)) open.pop();
      },
    });
    return all;
  }

  private declaredNames(): Set<string> {
    const names = new Set<string>();
    this.tree.iterate({
      enter: (node) => {
        if (node.name === "VariableDefinition") names.add(this.text.slice(node.from, node.to));
      },
    });
    return names;
  }

  /** The innermost node around a range. */
  nodeAt(start: number, end: number): SyntaxNode | undefined {
    let node: SyntaxNode | null = this.tree.resolveInner(start, 1);
    while (node && node.to < end) node = node.parent;
    return node ?? undefined;
  }

  private nameOf(node: SyntaxNode): string | undefined {
    const wanted = namedNodes[node.name];
    if (wanted) {
      for (const kind of wanted) {
        const child = node.getChild(kind);
        if (child) return this.text.slice(child.from, child.to);
      }
      return undefined;
    }
    if (node.name === "VariableDeclaration") return this.declaredFunction(node);
    if (node.name === "Property") {
      const key = node.getChild("PropertyDefinition") ?? node.getChild("PropertyName");
      if (key) return this.text.slice(key.from, key.to).replace(/^["']|["']$/g, "");
    }
    if (node.name === "RuleSet") {
      const block = node.getChild("Block");
      return squeeze(this.text.slice(node.from, block?.from ?? node.to)).slice(0, 120);
    }
    return undefined;
  }

  /** The name of `const total = () => …`: a declaration of one name with a function or class as its value. */
  private declaredFunction(node: SyntaxNode): string | undefined {
    const value =
      node.getChild("ArrowFunction") ?? node.getChild("FunctionExpression") ?? node.getChild("ClassExpression");
    const name = node.getChild("VariableDefinition");
    if (!value || !name || node.getChildren("VariableDefinition").length > 1) return undefined;
    return this.text.slice(name.from, name.to);
  }

  /** A function's name and the range to mark for it: its name where it has one, else its first characters. */
  private headOf(node: SyntaxNode): { name: string; start: number; end: number } {
    const own =
      node.getChild("VariableDefinition") ?? node.getChild("PropertyDefinition") ?? node.getChild("VariableName");
    const outer = node.parent?.getChild("VariableDefinition") ?? node.parent?.getChild("PropertyDefinition");
    const name =
      own ?? (node.parent?.name === "VariableDeclaration" || node.parent?.name === "Property" ? outer : null);
    if (name) return { name: this.text.slice(name.from, name.to), start: name.from, end: name.to };
    const lineEnd = this.text.indexOf("\n", node.from);
    const end = Math.min(node.to, lineEnd < 0 ? node.to : lineEnd, node.from + 40);
    return { name: "", start: node.from, end: Math.max(end, node.from + 1) };
  }
}

/** Text without white space. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}
