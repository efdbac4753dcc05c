import type { CommandSpec, OptionSpec } from "../commands/command";

/** A completion function for zsh's own completion system. */
export function zshScript(specs: readonly CommandSpec[], rules: readonly string[]): string {
  const commands = specs.map(({ name, summary }) => `    ${quote(`${escapeColon(name)}:${summary}`)}`);
  const cases = specs.map((spec) => {
    const options = Object.entries(spec.options ?? {}).map(([name, option]) => argument(name, option));
    const lines = [...options, quote("--help[Show help]"), positional(spec, rules)].filter((line) => line !== "");
    return `    ${spec.name})\n      _arguments ${lines.join(" \\\n        ")} ;;`;
  });
  return `#compdef redline
_redline() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
_redline_revisions() {
  local -a revisions
  revisions=(\${(f)"$(git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags 2>/dev/null)"})
  compadd -a revisions
}
if [[ $funcstack[1] == _redline ]]; then
  _redline "$@"
else
  compdef _redline redline
fi
`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const escapeColon = (text: string): string => text.replaceAll(":", "\\:");
const escapeBrackets = (text: string): string => text.replace(/[[\]]/g, "\\$&");

function argument(name: string, { value, choices, completes, description }: OptionSpec): string {
  const head = `--${name}[${escapeBrackets(description)}]`;
  if (!value) return quote(head);
  if (choices) return quote(`${head}:${value}:(${choices.join(" ")})`);
  const action = completes === "file" ? "_files" : completes === "revision" ? "_redline_revisions" : " ";
  return quote(`${head}:${value}:${action}`);
}

function positional({ completes }: CommandSpec, rules: readonly string[]): string {
  if (completes === "file") return quote("*:file:_files");
  if (completes === "rule") return quote(`1:rule:(${rules.join(" ")})`);
  if (completes === "revision") return quote("1:revision:_redline_revisions");
  return completes === "shell" ? quote("1:shell:(bash zsh fish)") : "";
}
