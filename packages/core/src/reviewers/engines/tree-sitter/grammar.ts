/** Parsers made of tree-sitter's grammars, each loaded when the first file of its language comes. Worker only. */
import { Language, Parser, Query, type Tree } from "web-tree-sitter";
import { readWasm } from "../wasm-files";

const runtime = "web-tree-sitter/web-tree-sitter.wasm";
/** Below the worker's own deadline, so that the file is refused and the worker lives on. */
const parseLimitMs = 3_000;

let started: Promise<void> | undefined;

/** A language's parser. It keeps the tree of the text that it read last, as several readers ask for the same one. */
export class Grammar {
  private readonly parser = new Parser();
  private kept: { text: string; tree: Tree } | undefined;

  private constructor(private readonly language: Language) {
    this.parser.setLanguage(language);
  }

  /** Loads the grammar in a file of a package. */
  static async load(wasm: string): Promise<Grammar> {
    started ??= Parser.init({ wasmBinary: readWasm(runtime) });
    await started;
    return new Grammar(await Language.load(readWasm(wasm)));
  }

  /** Returns the tree of a text, valid until the next text. Throws when it takes too long. */
  parse(text: string): Tree {
    if (this.kept?.text === text) return this.kept.tree;
    this.forget();
    const endsAt = performance.now() + parseLimitMs;
    const tree = this.parser.parse(text, null, { progressCallback: () => performance.now() > endsAt });
    if (!tree) {
      this.parser.reset();
      throw new Error(`its grammar took longer than ${parseLimitMs / 1000} s`);
    }
    this.kept = { text, tree };
    return tree;
  }

  /** Compiles a query: a mistake in it is thrown here. */
  query(source: string): Query {
    return new Query(this.language, source);
  }

  /** Gives a tree's memory back, which no garbage collector sees. */
  private forget(): void {
    this.kept?.tree.delete();
    this.kept = undefined;
  }
}
