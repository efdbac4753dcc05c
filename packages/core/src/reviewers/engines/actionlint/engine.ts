import type { Engine } from "../engine";
import { actionlintInfo } from "./info";
import type { Actionlint } from "./linter";

/** Loads actionlint when the first workflow comes. */
export function createActionlintEngine(): Engine {
  let loaded: Actionlint | undefined;
  return {
    ...actionlintInfo,
    async prepare() {
      if (!loaded || loaded.isBroken) loaded = await import("./linter").then(({ Actionlint }) => Actionlint.load());
    },
    check({ text }) {
      if (!loaded) throw new Error("actionlint was not prepared.");
      return loaded.check(text);
    },
  };
}
