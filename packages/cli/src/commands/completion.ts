/** `redline completion`: scripts that know every command, option and value. */
import { RULES } from "@redline/core/reviewers/index";
import { bashScript } from "../completion/bash";
import { fishScript } from "../completion/fish";
import { zshScript } from "../completion/zsh";
import { CommandFailure } from "../failure";
import { type Io, write } from "../terminal";
import type { Arguments, CommandSpec } from "./command";
import { SPECS } from "./specs";

const SCRIPTS: Record<string, (specs: readonly CommandSpec[], rules: readonly string[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function run({ positionals: [shell] }: Arguments, io: Io): Promise<number> {
  const script = shell === undefined ? undefined : SCRIPTS[shell];
  if (!script) throw new CommandFailure(`For which shell? ${Object.keys(SCRIPTS).join(", ")}.`);
  await write(
    io.stdout,
    script(
      Object.values(SPECS),
      RULES.map(({ id }) => id),
    ),
  );
  return 0;
}
