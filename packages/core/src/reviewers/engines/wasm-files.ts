/** Finds the WebAssembly of packages: beside a bundle that is shipped without node_modules, else in its package. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const packages = createRequire(import.meta.url);

const beside = (name: string): URL => new URL(`./wasm/${name}`, import.meta.url);

/** Returns the bytes of a file of a package: `tree-sitter-go/tree-sitter-go.wasm`. Bundles have it compressed. */
export function readWasm(specifier: string): Uint8Array {
  const shipped = fileURLToPath(beside(`${basename(specifier)}.br`));
  if (existsSync(shipped)) return brotliDecompressSync(readFileSync(shipped));
  return readFileSync(packages.resolve(specifier));
}

/** Returns where the file beside a package's entry point is. */
export function wasmUrl(name: string, file: string): URL {
  const shipped = beside(file);
  return existsSync(shipped) ? shipped : new URL(file, pathToFileURL(packages.resolve(name)));
}
