/**
 * Synthesises the real `sst.config.ts` with the real SST components, as `sst deploy` would, but without an account: the
 * programs that SST's command line runs are bundled the same way and run under Pulumi mocks.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { BANNER, startCommandLine } from "./command-line.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const work = join(root, ".sst");
const platform = join(work, "platform");

/**
 * @typedef {{ type: string; name: string; inputs: Record<string, any> }} Resource
 * @typedef {{ id: string; handler: string; bundle?: string; out: string; errors: string[]; links: string[]; linked: Record<string, any> }} Build
 * @typedef {{ resources: Resource[]; outputs: any; errors: string[]; unknownCalls: string[]; builds: Build[]; devCommands: import("./mocks.mjs").DevCommand[]; log: string }} Synthesis
 */

/** Downloads SST's components where they are not there yet: about forty seconds, from npm alone. */
export async function installPlatform() {
  const version = JSON.parse(readFileSync(join(root, "node_modules/sst/package.json"), "utf8")).version;
  const marker = join(platform, "version");
  const isThere = existsSync(marker) && existsSync(join(platform, "node_modules"));
  if (isThere && readFileSync(marker, "utf8").includes(version)) return;
  const env = { ...process.env, SST_SKIP_DEPENDENCY_CHECK: "1", SST_NO_BUN: "1", SST_TELEMETRY_DISABLED: "1" };
  const install = spawn("npx", ["sst", "install", "--stage", "test"], { cwd: root, env, stdio: "pipe" });
  let said = "";
  install.stdout.on("data", (data) => (said += data));
  install.stderr.on("data", (data) => (said += data));
  const [code] = await once(install, "exit");
  if (code !== 0) throw new Error(`SST's platform could not be installed:\n${said}`);
}

/** The configuration of an operator who opts out of everything. */
const CHOSEN = { REDLINE_MODEL: "builtin", REDLINE_DOMAIN: "none", REDLINE_ALARM_EMAIL: "none" };

/** @type {import("esbuild").BuildOptions} */
const PROGRAM = {
  bundle: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  banner: { js: BANNER },
  logLevel: "error",
  nodePaths: [join(platform, "node_modules")],
  external: [
    ...["@pulumi/*", "@pulumiverse/*", "@sst-provider/*", "@aws-sdk/*"],
    ...["undici", "esbuild", "archiver", "glob", "vite"],
  ],
};

/** Returns the settings of `app()` for a stage: its name, and the retention of its data. @param {string} stage */
async function appOf(stage) {
  const outfile = join(platform, `synth.app-${process.pid}-${stage}.mjs`);
  const config = JSON.stringify(join(root, "sst.config.ts"));
  const contents = `globalThis.$config = (config) => config;
    const config = await import(${config});
    export default await config.default.app({ stage: ${JSON.stringify(stage)} });`;
  await esbuild.build({ ...PROGRAM, outfile, stdin: { resolveDir: root, loader: "ts", contents } });
  try {
    return { removal: "retain", protect: false, ...(await import(outfile)).default, stage };
  } finally {
    rmSync(outfile);
  }
}

/**
 * @param {{ stage: string; secrets: Record<string, string>; env?: Record<string, string>; isDev?: boolean }} options
 *   `env` is the operator's; `isDev` as `sst dev` does it
 * @returns {Promise<Synthesis & { app: { name: string; removal: string; protect: boolean } }>}
 */
export async function synthesise({ stage, secrets, env: operators = {}, isDev = false }) {
  await installPlatform();
  // Test files that run side by side synthesise the same stage.
  const artifacts = join(work, "synth", `${stage}-${process.pid}`);
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  process.once("exit", () => rmSync(artifacts, { recursive: true, force: true }));
  const app = await appOf(stage);
  const commandLine = await startCommandLine(artifacts);
  const outfile = join(platform, `synth-${process.pid}-${stage}.mjs`);
  const result = join(work, `synth-${process.pid}-${stage}.json`);
  try {
    await bundleProgram({ app, stage, outfile, result, isDev });
    const env = {
      ...process.env,
      ...CHOSEN,
      ...operators,
      SST_SERVER: commandLine.url,
      AWS_REGION: "us-east-1",
      SST_SECRETS: "{}",
      ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`SST_SECRET_${name}`, value])),
    };
    const child = spawn(process.execPath, ["--no-deprecation", outfile], { cwd: root, env, stdio: "pipe" });
    let log = "";
    child.stdout.on("data", (data) => (log += data));
    child.stderr.on("data", (data) => (log += data));
    const [code] = await once(child, "exit");
    if (code !== 0 || !existsSync(result)) throw new Error(`The synthesis of ${stage} failed (${code}):\n${log}`);
    return { ...JSON.parse(readFileSync(result, "utf8")), builds: commandLine.builds, log, app };
  } finally {
    commandLine.stop();
    for (const file of [outfile, result]) rmSync(file, { force: true });
  }
}

/** @param {{ app: any; stage: string; outfile: string; result: string; isDev: boolean }} program */
async function bundleProgram({ app, stage, outfile, result, isDev }) {
  const globals = [
    'import * as aws from "@pulumi/aws";',
    `import * as sst from ${JSON.stringify(join(platform, "src/components"))};`,
  ].join("\n");
  const cli = {
    command: isDev ? "dev" : "deploy",
    dev: isDev,
    paths: { home: join(work, "home"), root, work, platform },
    state: { version: {} },
  };
  await esbuild.build({
    ...PROGRAM,
    outfile,
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: String(isDev) },
    inject: [join(platform, "src/shim/run.js")],
    plugins: [
      {
        name: "globals",
        setup(build) {
          build.onLoad({ filter: /\.(js|mjs|ts|tsx)$/ }, ({ path }) => {
            const isOurs = path === join(root, "sst.config.ts") || path.startsWith(join(root, "stacks") + sep);
            if (!isOurs) return undefined;
            return { contents: `${globals}\n${readFileSync(path, "utf8")}`, loader: "ts" };
          });
        },
      },
    ],
    stdin: {
      resolveDir: root,
      loader: "ts",
      contents: `
        import { writeFileSync } from "node:fs";
        import * as pulumi from "@pulumi/pulumi";
        import { record } from ${JSON.stringify(join(root, "tests/infra/mocks.mjs"))};
        import { run } from ${JSON.stringify(join(platform, "src/auto/run.ts"))};
        import config from ${JSON.stringify(join(root, "sst.config.ts"))};
        const made = await record(pulumi, () => run(config.run), ${JSON.stringify({ name: app.name, stage })});
        writeFileSync(${JSON.stringify(result)}, JSON.stringify(made));
        process.exit(0);`,
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { resources, builds, errors, outputs, unknownCalls } = await synthesise({
    stage: process.argv[2] ?? "dev",
    secrets: { SigningKey: "a".repeat(64), OperatorSecret: "b".repeat(32) },
  });
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  console.log({ counts, builds, errors, outputs, unknownCalls });
}
