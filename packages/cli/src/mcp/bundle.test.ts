import { readFileSync } from "node:fs";
import { build, type Metafile } from "esbuild";
import { beforeAll, expect, it } from "vitest";

type Outputs = Metafile["outputs"];
let outputs: Outputs;

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: { main: "packages/cli/src/main.ts" },
    ...{ bundle: true, platform: "node", format: "esm", splitting: true, write: false, metafile: true },
    ...{ outdir: "out", logLevel: "silent", packages: "bundle" },
    external: ["@biomejs/wasm-nodejs", "@astral-sh/ruff-wasm-nodejs"],
  });
  outputs = metafile.outputs;
});

/** The sources that a command's code brings with it at once. */
function sourcesOf(entry: string): string[] {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && !external) load(path);
    }
  };
  const file = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry)?.[0];
  if (!file) throw new Error(`${entry} has no file of its own.`);
  load(file);
  return [...loaded].flatMap((each) => Object.keys(outputs[each]?.inputs ?? {}));
}

const ofProtocol = (sources: string[]) => sources.filter((source) => source.includes("@modelcontextprotocol"));

it("loads the protocol for `redline mcp` only", () => {
  expect(ofProtocol(sourcesOf("packages/cli/src/commands/mcp.ts"))).not.toEqual([]);
  const commands = [...readFileSync("packages/cli/src/run.ts", "utf8").matchAll(/import\("\.\/(commands\/[\w-]+)"\)/g)];
  expect(commands.length).toBeGreaterThan(8);
  for (const [, name] of commands.filter(([, each]) => each !== "commands/mcp")) {
    expect(ofProtocol(sourcesOf(`packages/cli/src/${name}.ts`)), name).toEqual([]);
  }
  expect(ofProtocol(sourcesOf("packages/cli/src/main.ts"))).toEqual([]);
});
