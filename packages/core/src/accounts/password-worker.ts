import { createRequire } from "node:module";

/**
 * What a worker thread runs: argon2id, and an estimate of how soon a password is guessed. Both take longer than other
 * requests should wait. It is text, so that it needs no file of its own beside any bundle; its packages are real files.
 */
const SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const { argon2id, argon2Verify } = require(workerData.argon2);
let estimator;
const tasks = {
  hash: (input) => argon2id({ ...input, parallelism: 1, hashLength: 32, outputType: "encoded" }),
  verify: (input) => argon2Verify(input),
  strength({ password, known }) {
    if (!estimator) {
      const { dictionary, adjacencyGraphs } = require(workerData.words);
      const { ZxcvbnFactory } = require(workerData.estimator);
      estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
    }
    return estimator.check(password, known).score;
  },
};
parentPort.on("message", async ({ task, input }) => {
  try {
    parentPort.postMessage({ result: await tasks[task](input) });
  } catch (error) {
    parentPort.postMessage({ failed: String(error && error.message) });
  }
});
`;

/** Returns the worker's source, and where its packages are: found when the first one starts. */
export function passwordWorker() {
  const require = createRequire(import.meta.url);
  return {
    source: SOURCE,
    packages: {
      argon2: require.resolve("hash-wasm/dist/argon2.umd.min.js"),
      estimator: require.resolve("@zxcvbn-ts/core"),
      words: require.resolve("@zxcvbn-ts/language-common"),
    },
  };
}
