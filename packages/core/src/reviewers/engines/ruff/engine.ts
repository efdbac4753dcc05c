import type { Engine } from "../engine";
import { isFalsePositive } from "./false-positives";
import { ruffInfo } from "./info";
import type { RuffLinter } from "./linter";

/** Loads Ruff when the first file of Python comes. */
export function createRuff(): Engine {
  let linter: Promise<RuffLinter> | undefined;
  let loaded: RuffLinter | undefined;
  return {
    ...ruffInfo,
    async prepare() {
      linter ??= import("./linter").then(({ RuffLinter }) => new RuffLinter(ruffInfo.rules));
      loaded = await linter;
    },
    check({ path, text, syntax }) {
      if (!loaded) throw new Error("Ruff was not prepared.");
      const found = loaded.check(path, text);
      return { ...found, findings: found.findings.filter((finding) => !syntax || !isFalsePositive(finding, syntax)) };
    },
  };
}
