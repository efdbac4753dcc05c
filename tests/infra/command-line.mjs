/** The side of SST's command line that its components talk to while a stage is made: it builds the functions. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

/** @typedef {import("./synth.mjs").Build} Build */

const root = fileURLToPath(new URL("../../", import.meta.url));

export const BANNER = [
  'import { createRequire as topLevelCreateRequire } from "module";',
  "const require = topLevelCreateRequire(import.meta.url);",
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";',
  "const __filename = topLevelFileUrlToPath(import.meta.url);",
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));',
].join("\n");

/** Builds a function as SST's command line does. @param {any} input @param {string} artifacts */
async function buildFunction(input, artifacts) {
  if (input.bundle) {
    const out = resolve(root, input.bundle);
    const file = `${input.handler.slice(0, input.handler.lastIndexOf("."))}`;
    const isThere = [".mjs", ".js", ".cjs"].some((extension) => existsSync(join(out, file + extension)));
    return { handler: input.handler, out, errors: isThere ? [] : [`No ${file} in ${input.bundle}`], sourcemaps: [] };
  }
  const extension = extname(input.handler);
  const base = resolve(root, input.handler.slice(0, -extension.length));
  const entry = [".ts", ".tsx", ".mts", ".js", ".mjs"].map((each) => base + each).find((file) => existsSync(file));
  if (!entry) return { handler: "", out: "", errors: [`Handler not found: ${input.handler}`], sourcemaps: [] };
  const out = join(artifacts, input.functionID);
  const nodejs = input.properties ?? {};
  try {
    await esbuild.build({
      entryPoints: [entry],
      outfile: join(out, "bundle.mjs"),
      platform: "node",
      bundle: true,
      format: "esm",
      target: "es2023",
      mainFields: ["module", "main"],
      keepNames: true,
      banner: { js: `${BANNER}\n${nodejs.banner ?? ""}` },
      external: ["sharp", "pg-native", ...Object.keys(nodejs.install ?? {}), ...(nodejs.esbuild?.external ?? [])],
      loader: nodejs.loader,
      inject: nodejs.esbuild?.inject,
      minify: !!nodejs.minify,
      logLevel: "silent",
      absWorkingDir: root,
    });
    return { handler: `bundle${extension}`, out, errors: [], sourcemaps: [] };
  } catch (error) {
    return { handler: "", out: "", errors: [String(error instanceof Error ? error.message : error)], sourcemaps: [] };
  }
}

/** The command line's side of the conversation that the components hold with it. @param {string} artifacts */
export async function startCommandLine(artifacts) {
  /** @type {Build[]} */
  const builds = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, params } = JSON.parse(body);
    const [asked] = params;
    /** @param {unknown} result */
    const answer = (result) => response.end(JSON.stringify({ result }));
    switch (method) {
      case "Provider.Aws.Bootstrap":
        return answer({
          asset: "sst-asset-x",
          assetEcrRegistryId: "1",
          assetEcrUrl: "1.dkr.ecr/x",
          state: "sst-state-x",
        });
      case "Runtime.Build": {
        const built = await buildFunction(asked, artifacts);
        const { functionID: id, handler, bundle, links = {} } = asked;
        builds.push({
          id,
          handler,
          bundle,
          out: built.out,
          errors: built.errors,
          links: Object.keys(links),
          linked: links,
        });
        return answer(built);
      }
      case "Runtime.AddTarget":
        return answer({});
      case "Provider.Aws.Appsync":
        return answer({ http: "events.appsync-api.example", realtime: "events.appsync-realtime-api.example" });
      default:
        return response.end(JSON.stringify({ error: `rpc: can't find service ${method}` }));
    }
  });
  // The components keep their connections for as long as they think; closing one meanwhile would be a lost answer.
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    builds,
    url: `http://127.0.0.1:${address.port}`,
    stop: () => server.close() && server.closeAllConnections(),
  };
}
