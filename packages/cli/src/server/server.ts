/** The Redline of this user: found where it serves, else started. */
import { dataFolder, readServing, type Serving } from "./data-folder";
import { type Method, type RequestOptions, requestBytes, requestJson, ServerGone } from "./request";

export { ServerGone, ServerRefused } from "./request";

export type Server = {
  /** Where it serves, for browsers: `http://localhost:3000`. */
  readonly address: string;
  /** The folder that holds its data. */
  readonly folder: string;
  /**
   * Sends a request with the token and returns the JSON of its answer. Where Redline has ended meanwhile it is started again, and
   * asked again. Throws ServerRefused and ServerGone.
   */
  requestJson<Answer>(method: Method, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** Requests a text as it is. */
  requestText(path: string): Promise<string>;
};

/** Throws CommandFailure when Redline neither serves nor can be started. */
export async function connectServer({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): Promise<Server> {
  const folder = dataFolder(env, cwd);
  const connect = async () => readServing(folder) ?? (await start(folder, env));
  let serving = await connect();
  const ask = async <Answer>(request: (serving: Serving) => Promise<Answer>): Promise<Answer> => {
    try {
      return await request(serving);
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error;
      serving = await connect();
      return request(serving);
    }
  };
  return {
    folder,
    get address() {
      return serving.address;
    },
    requestJson: (method, path, body, options) => ask((at) => requestJson(at, method, path, body, options)),
    requestText: async (path) => (await ask((at) => requestBytes(at, "GET", path))).toString("utf8"),
  };
}

async function start(folder: string, env: NodeJS.ProcessEnv): Promise<Serving> {
  const { startServer } = await import("./start");
  return startServer(folder, env);
}
