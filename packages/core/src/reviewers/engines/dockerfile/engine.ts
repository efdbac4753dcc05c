import type { Engine } from "../engine";
import { dockerfileInfo } from "./info";

/** Loads the parser when the first Dockerfile comes. */
export function createDockerfile(): Engine {
  let loaded: typeof import("./linter") | undefined;
  return {
    ...dockerfileInfo,
    async prepare() {
      loaded ??= await import("./linter");
    },
    check({ text }) {
      if (!loaded) throw new Error("The parser of Dockerfiles was not prepared.");
      return loaded.lintDockerfile(text);
    },
  };
}
