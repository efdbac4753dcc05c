/** The test function of tests that need a model: a product of their own that speaks to a model's server of their own. */
import { type ModelServer, type ModelServerOptions, startModelServer } from "../../support/model-server";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./product";
import { test as base } from "./test";

export { expect, expectAccessible, photograph } from "./test";

type Speaking = ModelServerOptions & {
  protocol: "bedrock" | "openai";
  /** The longest silence of the model; by default that of limits.ts. */
  silentSeconds?: number;
};

/** The environment that points a product at a model's server. */
export function modelEnv(server: ModelServer, { protocol, silentSeconds }: Speaking): Record<string, string> {
  const env = server.env(protocol);
  if (silentSeconds === undefined) return env;
  return { ...env, REDLINE_MODELS: JSON.stringify({ default: [{ model: env.REDLINE_MODEL, silentSeconds }] }) };
}

/** Tests of one file share the server and the product; each begins with nothing scripted. */
export function testWithModel(speaking: Speaking) {
  const test = base.extend<{ model: ModelServer }, { modelServer: ModelServer; product: RunningProduct }>({
    modelServer: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
      async ({}, use) => {
        const server = await startModelServer(speaking);
        await use(server);
        await server.stop();
      },
      { scope: "worker" },
    ],
    product: [
      async ({ modelServer }, use) => {
        const dataDir = newDataDir();
        const product = await startProduct({ dataDir, env: modelEnv(modelServer, speaking) });
        await use(product);
        await product.stop();
        removeDataDir(dataDir);
      },
      { scope: "worker" },
    ],
    model: async ({ modelServer }, use) => {
      modelServer.reset();
      await use(modelServer);
      modelServer.reset();
    },
  });
  return test;
}
