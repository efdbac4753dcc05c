// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other languages in the examples
import { repeatedConditionRule } from "../families";
import type { GrammarLanguage } from "../language";
import { around, isAlike, nextOf } from "../predicates";

const wiki = "https://www.shellcheck.net/wiki/SC";

export const shell: GrammarLanguage = {
  id: "shell",
  wasm: "tree-sitter-bash/tree-sitter-bash.wasm",
  outline: `
    (function_definition name: (_) @name) @function
    [(if_statement) (elif_clause) (for_statement) (c_style_for_statement) (while_statement) (case_item) "&&" "||"] @decision
    (comment) @comment`,
  brackets: "shell",
  refusesValid: true,
  rules: [
    {
      id: "piped-to-shell",
      severity: "major",
      title: "Runs what the network answers",
      why: "Whoever controls the server or the connection runs code here, and an answer cut short runs half of it. Download it, check its hash, then run it.",
      source: "https://github.com/koalaman/shellcheck/wiki/Integration",
      query: `((pipeline (command name: (command_name) @download) (command) @shell) @at (#match? @download "^(?:curl|wget)$"))`,
      when: ({ nodes: { shell: command, at } }) =>
        /^(?:sudo\s+(?:-\S+\s+)*)?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?sh\b(?!\s+-n)/.test(command?.text ?? "") &&
        /https?:|\$/.test(at?.text ?? "") &&
        !/\bsha\d+sum\b/.test(at?.text ?? ""),
      bad: "curl -sSL https://example.com/install.sh | sh\n",
      good: "curl -sSLo install.sh https://example.com/install.sh\nsha256sum -c install.sha256 && sh install.sh\n",
    },
    {
      id: "remove-from-root",
      severity: "major",
      title: "Removes from the root when the variable is empty",
      why: '`rm -rf "$folder/"*` is `rm -rf /*` when the variable isn\'t set. `${folder:?}` stops there instead.',
      source: `${wiki}2115`,
      query: `(command name: (command_name) @rm argument: (_) @flags argument: [(string . (simple_expansion) . (string_content) @path) (concatenation . [(simple_expansion) (string . (simple_expansion) .)] . (word) @path) (concatenation . (string . (simple_expansion) . (string_content) @path .) (word))] @target (#eq? @rm "rm") (#match? @flags "^-\\\\w*[rR]") (#match? @path "^/\\\\*?$")) @at`,
      when: ({ nodes: { target } }) => /^"?\$\w+"?\/"?\*?"?$/.test(target?.text ?? ""),
      bad: 'rm -rf "$folder/"\n',
      good: 'rm -rf "${folder:?}/"\n',
    },
    {
      id: "unquoted-test",
      severity: "major",
      title: "True for an empty variable",
      why: "Without quotes an empty variable is no argument, and `[ -n ]` asks whether the text -n is empty. Quote it.",
      source: `${wiki}2070`,
      query: `(test_command "[" (unary_expression operator: (test_operator) @n [(simple_expansion) (expansion)]) @at (#eq? @n "-n"))`,
      when: ({ nodes: { at } }) => !/\$[#?$!]|\$\{#/.test(at?.text ?? ""),
      bad: "if [ -n $name ]; then run; fi\n",
      good: 'if [ -n "$name" ]; then run; fi\n',
    },
    {
      id: "constant-test",
      severity: "major",
      title: "Compares two constants",
      why: "Neither side is a variable, so the answer is always the same: a `$` is missing.",
      source: `${wiki}2050`,
      query: `(test_command (binary_expression left: [(word) (string . (string_content) .)] @left operator: ["=" "==" "!=" (test_operator)] right: [(word) (string . (string_content) .)] @right) @at)`,
      when: ({ nodes: { left, right, at } }) =>
        [left, right].every((side) => side && /^"?[A-Za-z_][\w.-]*"?$/.test(side.text)) &&
        !/-(?:nt|ot|ef)\b/.test(at?.text ?? ""),
      bad: 'if [ "name" = "shop" ]; then run; fi\n',
      good: 'if [ "$name" = "shop" ]; then run; fi\n',
    },
    {
      id: "compared-as-text",
      severity: "major",
      title: "Compares numbers as text",
      why: "In `[[ ]]`, `<` and `>` compare in the order of letters: 10 comes before 9. Use -lt and -gt, or `(( ))`.",
      source: `${wiki}2071`,
      query: `(test_command "[[" (binary_expression operator: [">" "<"] right: (number)) @at)`,
      bad: "if [[ $count > 10 ]]; then run; fi\n",
      good: "if [[ $count -gt 10 ]]; then run; fi\n",
    },
    {
      id: "redirect-into-file",
      severity: "minor",
      title: "The file is written to, not compared with",
      why: "In `[ ]`, `>` is a redirection: it makes a file with that name and the test says nothing of it. Use -gt.",
      source: `${wiki}2073`,
      query: `(redirected_statement body: (test_command "[") redirect: (file_redirect [">" "<"] destination: (number)))  @at`,
      bad: "if [ $count ] > 10; then run; fi\n",
      good: "if [ $count -gt 10 ]; then run; fi\n",
    },
    {
      id: "redirected-in-order",
      severity: "major",
      title: "Errors still go to the terminal",
      why: "Redirections apply from left to right: errors go to where the output went before it was redirected. Write `>file 2>&1`.",
      source: `${wiki}2069`,
      query: `(redirected_statement redirect: (file_redirect descriptor: (file_descriptor) @error ">&" destination: (number) @output) . redirect: (file_redirect !descriptor ">" destination: (word) @file) (#eq? @error "2") (#eq? @output "1")) @at`,
      when: ({ nodes: { at } }) => !(at && around(at, /^(?:pipeline|command_substitution)$/)),
      bad: "run 2>&1 >/dev/null\n",
      good: "run >/dev/null 2>&1\n",
    },
    {
      id: "read-while-written",
      severity: "major",
      title: "The file is emptied before it is read",
      why: "The shell opens the file for writing, and so empties it, before the command begins. Write to another file, then rename it.",
      source: `${wiki}2094`,
      query: `(redirected_statement body: (_) @command redirect: (file_redirect !descriptor ">" destination: [(word) (string)] @file)) @at`,
      when: ({ nodes: { command, file } }) => {
        const first = command?.type === "pipeline" ? command.namedChildren[0] : command;
        if (first?.type !== "command" || !/^(?:cat|sed|awk|grep|sort|tr|cut|head|tail|uniq|jq)\s/.test(first.text))
          return false;
        if (/^sed\s+(?:-\w*i|--in-place)/.test(first.text) || /^\/dev\//.test(file?.text ?? "")) return false;
        const args = first.childrenForFieldName("argument").slice(/^(?:cat|sort)\s/.test(first.text) ? 0 : 1);
        return args.some((argument) => isAlike(argument, file));
      },
      bad: "sort names > names\n",
      good: "sort names > sorted && mv sorted names\n",
    },
    {
      id: "spaced-assignment",
      severity: "major",
      title: "Runs a program of this name",
      why: "An assignment has no spaces around `=`. With them, it is a command with `=` as its first argument.",
      source: `${wiki}2283`,
      query: `(command name: (command_name (word) @name) . argument: (word) @equals (#eq? @equals "=") (#match? @name "^[A-Za-z_][A-Za-z0-9_]*$")) @at`,
      bad: "name = shop\n",
      good: "name=shop\n",
    },
    {
      id: "split-arguments",
      severity: "minor",
      title: "Splits arguments that have spaces",
      why: 'Unquoted, `$@` is split at spaces and expanded as file names. `"$@"` keeps each argument whole.',
      source: `${wiki}2068`,
      query: `(command argument: (simple_expansion (special_variable_name) @all) @at (#eq? @all "@"))
        (for_statement value: (simple_expansion (special_variable_name) @all) @at (#eq? @all "@"))`,
      bad: "run $@\n",
      good: 'run "$@"\n',
    },
    {
      id: "listed-files",
      severity: "minor",
      title: "Splits file names that have spaces",
      why: "What `ls` prints is split at spaces and expanded again. `for file in *.txt` gives whole names.",
      source: `${wiki}2045`,
      query: `(for_statement value: (command_substitution . (command name: (command_name) @ls) .) @at (#eq? @ls "ls"))`,
      bad: "for file in $(ls *.txt); do run; done\n",
      good: "for file in *.txt; do run; done\n",
    },
    {
      id: "writable-by-all",
      severity: "minor",
      title: "Anyone on the machine may change it",
      why: "777 lets every user and every broken service write. Give the owner, or a group, what it needs.",
      source: "https://rules.sonarsource.com/docker/RSPEC-2612/",
      query: `(command name: (command_name) @chmod argument: (_) @mode (#eq? @chmod "chmod") (#match? @mode "^0?777$")) @at`,
      when: ({ nodes: { at } }) => !/\/tmp|\/dev\/shm/.test(at?.text ?? ""),
      bad: "chmod -R 777 orders\n",
      good: "chmod -R u+rwX orders\n",
    },
    {
      id: "root-redirect",
      severity: "major",
      title: "The file is opened without `sudo`",
      why: "The shell opens it as you, before `sudo` runs. Use `| sudo tee file`.",
      source: `${wiki}2024`,
      query: `(redirected_statement body: (command name: (command_name) @sudo) redirect: (file_redirect !descriptor [">" ">>"] destination: (word) @file) (#eq? @sudo "sudo") (#match? @file "^/(?:etc|usr|boot|sys|proc|lib|opt|root)/")) @at`,
      bad: "sudo echo shop > /etc/hostname\n",
      good: "echo shop | sudo tee /etc/hostname\n",
    },
    {
      id: "unreachable",
      severity: "minor",
      title: "Never runs: the command before it ends the script or function",
      why: "What stands here was moved behind the exit by mistake, or is left over.",
      source: `${wiki}2317`,
      query: `([(if_statement (command name: (command_name) @name) @exit) (compound_statement (command name: (command_name) @name) @exit) (do_group (command name: (command_name) @name) @exit)] (#match? @name "^(?:exit|return)$"))`,
      when: ({ nodes: { exit } }) => {
        const next = exit && nextOf(exit);
        const isChained = /^\s*(?:&&|\|\||\||&)/.test(
          exit?.parent?.text.slice(exit.endIndex - exit.parent.startIndex) ?? "",
        );
        return next &&
          !/^(?:fi|done|esac|else|elif)\b/.test(next.text) &&
          /^(?:command|variable_assignment|redirected_statement|if_statement)$/.test(next.type) &&
          !isChained
          ? next
          : false;
      },
      bad: "run() {\n  return 1\n  stop\n}\n",
      good: "run() {\n  stop\n  return 1\n}\n",
    },
    repeatedConditionRule({
      source: "https://rules.sonarsource.com/shell/",
      query: "(if_statement) @if",
      bad: 'if [ "$n" = 1 ]; then stop; elif [ "$n" = 1 ]; then run; fi\n',
      good: 'if [ "$n" = 1 ]; then stop; elif [ "$n" = 2 ]; then run; fi\n',
    }),
  ],
};
