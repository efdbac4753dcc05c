/** The settings of `redline.json`, ready to be applied to files and findings. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RULES } from "@redline/core/reviewers/index";
import type { Severity } from "@redline/core/reviewers/schema";
import picomatch from "picomatch";
import * as v from "valibot";
import { CommandFailure } from "../failure";
import { type ConfigFile, ConfigSchema } from "./schema";

export const CONFIG_NAME = "redline.json";

export type Config = {
  baseBranch?: string;
  failOn: Severity;
  isIgnored(path: string): boolean;
  /** The severity of a rule in a file, or "off". */
  severityOf(rule: string, path: string, usual: Severity): Severity | "off";
};

/** Reads the configuration of a work tree. Throws CommandFailure for one that is not valid. */
export async function loadConfig(root: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(join(root, CONFIG_NAME), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return configOf({});
    throw new CommandFailure(`${CONFIG_NAME} can't be read: ${(error as Error).message}`);
  }
  return configOf(parseConfig(text));
}

function parseConfig(text: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new CommandFailure(`${CONFIG_NAME} is not valid JSON: ${(error as Error).message}`);
  }
  const result = v.safeParse(ConfigSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new CommandFailure(`${CONFIG_NAME}${path ? `, "${path}"` : ""}: ${issue.message}`);
}

export function configOf(file: ConfigFile): Config {
  const isIgnored = globs(file.ignore ?? []);
  const everywhere = ruleSettings(file.rules ?? {});
  const overrides = (file.overrides ?? []).map(({ files, rules }) => ({
    matches: globs(files),
    settings: ruleSettings(rules),
  }));
  return {
    ...(file.baseBranch && { baseBranch: file.baseBranch }),
    failOn: file.failOn ?? "major",
    isIgnored,
    severityOf(rule, path, usual) {
      const ofFile = overrides.filter(({ matches }) => matches(path)).flatMap(({ settings }) => settings);
      return [...everywhere, ...ofFile].findLast(({ matches }) => matches(rule))?.severity ?? usual;
    },
  };
}

/** As in `.gitignore`, a glob without a slash matches in every folder, and one of a folder all that is in it. */
function globs(patterns: readonly string[]): (path: string) => boolean {
  const whole = patterns.flatMap((pattern) => {
    const bare = pattern.replace(/^\.\//, "").replace(/\/$/, "");
    const anywhere = bare.includes("/") ? bare.replace(/^\//, "") : `**/${bare}`;
    return [anywhere, `${anywhere}/**`];
  });
  return whole.length === 0 ? () => false : picomatch(whole, { dot: true });
}

type RuleSetting = { matches: (rule: string) => boolean; severity: Severity | "off" };

function ruleSettings(rules: Record<string, Severity | "off">): RuleSetting[] {
  return Object.entries(rules).map(([pattern, severity]) => {
    // Ids have slashes, and a star is meant to match all that follow.
    const matches = picomatch(pattern.replace(/(^|\/)\*$/, "$1**"));
    if (!RULES.some(({ id }) => matches(id))) {
      throw new CommandFailure(`${CONFIG_NAME}: there is no rule "${pattern}".`, "redline rules lists all of them.");
    }
    return { matches, severity };
  });
}
