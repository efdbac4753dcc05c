import type { CommandSpec, OptionSpec } from "../commands/command";

/** A completion function for bash; no package besides bash is needed. */
export function bashScript(specs: readonly CommandSpec[], rules: readonly string[]): string {
  const commands = specs.map(({ name }) => name).join(" ");
  const cases = specs.map((spec) => {
    const options = Object.entries(spec.options ?? {});
    const values = options
      .filter(([, { value }]) => value)
      .map(([name, option]) => `      --${name}) ${reply(option)} ;;`);
    const names = [...options.map(([name]) => `--${name}`), "--help"].join(" ");
    return [
      `    ${spec.name})`,
      '      case "$previous" in',
      ...values.map((line) => `  ${line}`),
      `        *) if [[ $current == -* ]]; then ${words(names)}; else ${positional(spec, rules)}; fi ;;`,
      "      esac ;;",
    ].join("\n");
  });
  return `# bash completion for redline
_redline() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    ${words(`${commands} --help --version`)}
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o filenames -F _redline redline
`;
}

const words = (list: string): string => `COMPREPLY=($(compgen -W "${list}" -- "$current"))`;
const FILES = 'COMPREPLY=($(compgen -f -- "$current"))';
const REVISIONS =
  'COMPREPLY=($(compgen -W "$(git for-each-ref --format="%(refname:short)" refs/heads refs/remotes refs/tags 2>/dev/null)" -- "$current"))';

function reply({ choices, completes }: OptionSpec): string {
  if (choices) return words(choices.join(" "));
  if (completes === "file") return FILES;
  return completes === "revision" ? REVISIONS : ":";
}

function positional({ completes }: CommandSpec, rules: readonly string[]): string {
  if (completes === "file") return FILES;
  if (completes === "rule") return words(rules.join(" "));
  if (completes === "revision") return REVISIONS;
  return completes === "shell" ? words("bash zsh fish") : ":";
}
