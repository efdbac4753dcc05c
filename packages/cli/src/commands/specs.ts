/** Every command with its options. */
import { severities } from "@redline/core/reviewers/schema";
import type { CommandSpec } from "./command";

export const FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"] as const;
export type FormatName = (typeof FORMATS)[number];

const SIDES = {
  branch: { description: "What this branch changed since the default branch, uncommitted changes included" },
  staged: { description: "The index against HEAD, as it would be committed" },
} as const;

const STAGE = { description: "Stage the lines that are accepted, and those alone" } as const;

const LINKED = `Without a range it is what is not committed, untracked files included. RANGE is a..b, a...b (since their merge base) or one
commit. Where no Redline of yours serves, one is started, which ends 30 minutes after it was used last.

While the command runs, what changes on disk is the session's next head, and what is accepted, reverted or undone in the
session is written to the files. A file that was edited meanwhile is merged; where that is not possible it is left as it is,
and this is said. Of a range or --staged only the second half is done.

Exit codes: 0 ended by Ctrl-C, or nothing is changed, 2 it could not be done.`;

export const SPECS = {
  open: {
    name: "open",
    summary: "Open what changed in the browser, linked with the work tree (also without a command's name)",
    positionals: "[RANGE]",
    completes: "revision",
    options: { ...SIDES, stage: STAGE, "no-open": { description: "Print the address, and open no browser" } },
    details: `${LINKED}

BROWSER names the browser's program. Over SSH, without a display and in CI the address is only printed.`,
  },
  watch: {
    name: "watch",
    summary: "Link the work tree with its session, and open no browser",
    positionals: "[RANGE]",
    completes: "revision",
    options: { ...SIDES, stage: STAGE },
    details: LINKED,
  },
  review: {
    name: "review",
    summary: "Review what changed: findings that the difference brings",
    positionals: "[RANGE] [--] [PATH…]",
    completes: "file",
    options: {
      base: {
        value: "REV",
        completes: "revision",
        description: "Compare the files with the merge base of REV and HEAD",
      },
      branch: { description: "As --base with the default branch: what this branch changed" },
      staged: { description: "Review the index against HEAD, as it would be committed" },
      all: { description: "Review whole files, every finding as a new one" },
      "stdin-path": { value: "PATH", completes: "file", description: "Review standard input as the content of PATH" },
      format: { value: "FORMAT", choices: FORMATS, description: "How to print findings (text)" },
      "fail-on": { value: "SEVERITY", choices: severities, description: "Exit with 1 from this severity on (major)" },
      fix: { description: "Apply the safe fixes of new findings to the files" },
      baseline: { value: "FILE", completes: "file", description: "A SARIF log whose findings are not new" },
    },
    details: `Without options the uncommitted changes are reviewed, untracked files included. RANGE is a..b, a...b (since their
merge base) or one commit. PATH is a file or folder; where a name could be both, -- before it makes it a path.
With --stdin-path and --fix the fixed text, and nothing else, is printed.

Exit codes: 0 nothing new at or above --fail-on, 1 something is, 2 the review could not be done.`,
  },
  apply: {
    name: "apply",
    summary: "Apply a diff or a change to the files, wholly or not at all",
    positionals: "[FILE]",
    completes: "file",
    options: {
      check: { description: "Say what would happen, and write nothing" },
      markers: { description: "Write files with conflicts too, with markers around these" },
      format: { value: "FORMAT", choices: ["text", "json"], description: "How to print the outcome (text)" },
    },
    details: `Reads FILE or standard input: a diff as git, GNU diff, Subversion, Mercurial, quilt or Jujutsu write it, or JSON:
{path, edits} with edits of {search, replace} or {start_line, end_line, original, replacement}, or a finding with a fix from
redline review --format json. Lines have to be where the change says. Where a file has moved on since, and the repository
has the text that the change was made of, both are merged.

Exit codes: 0 applied, 1 conflicted (nothing is written without --markers), 2 refused, nothing is written.`,
  },
  "merge-driver": {
    name: "merge-driver",
    summary: "Merge three versions of a file, for git's merge.<name>.driver",
    positionals: "BASE OURS THEIRS [MARKER-SIZE [PATH [LABELS…]]]",
    completes: "file",
    details: `Writes the merge to OURS. Set it up with

  git config merge.redline.driver 'redline merge-driver %O %A %B %L %P'
  echo '* merge=redline' >> .git/info/attributes

Exit codes: 0 merged, 1 conflicts, which have markers around them, 129 the files can't be read.`,
  },
  mergetool: {
    name: "mergetool",
    summary: "Resolve the conflicts of a file one by one, for git mergetool",
    positionals: "BASE LOCAL REMOTE MERGED",
    completes: "file",
    details: `Set it up with

  git config merge.tool redline
  git config mergetool.redline.cmd 'redline mergetool "$BASE" "$LOCAL" "$REMOTE" "$MERGED"'
  git config mergetool.redline.trustExitCode true

Exit codes: 0 every conflict is resolved and MERGED is written, 1 not all of them are, and MERGED is as it was.`,
  },
  rules: {
    name: "rules",
    summary: "List the rules of the built-in reviewer",
    options: {
      language: { value: "LANGUAGE", description: "Only rules that run on this language" },
      severity: { value: "SEVERITY", choices: severities, description: "Only rules of this severity" },
      format: { value: "FORMAT", choices: ["text", "json"], description: "How to print them (text)" },
    },
  },
  explain: {
    name: "explain",
    summary: "Explain a rule, with a bad and a good example",
    positionals: "RULE",
    completes: "rule",
    details: "RULE is an id such as ruff/F401, or the last part of one.",
  },
  mcp: {
    name: "mcp",
    summary: "Serve coding agents: they review, propose changes, and are told what was decided",
    options: {
      root: { value: "FOLDER", completes: "file", description: "The work tree, where it is not the current folder" },
      agent: { value: "NAME", description: "The agent's name in threads (the client's own)" },
      "allow-apply": { description: "Let the agent apply a change that nobody has accepted" },
    },
    details: `Speaks the Model Context Protocol (2025-11-25 and 2026-07-28) on standard input and output, and ends when the input does. An
agent's client starts it. What a person accepts is written to the work tree; nothing else is, without --allow-apply.`,
  },
  hook: {
    name: "hook",
    summary: "Tell Redline that a coding agent's turn starts or ends, and the agent what was decided",
    positionals: "turn-start|turn-end",
    details: `An agent's hooks run it, with the event as JSON on standard input. While a turn is open, rejections of what the agent wrote
wait; at its end they take effect, and the agent is told of them, with all notes as one message, in the form that its hooks
take (Claude Code, Codex, Cursor; plain text for others). It does nothing where the work tree is not open in Redline.

Exit codes: 0 always, as a hook that fails would hold up the agent; 2 for wrong arguments.`,
  },
  doctor: {
    name: "doctor",
    summary: "Check whether Redline can work here",
    details: "Exit codes: 0 everything works, 1 something does not.",
  },
  completion: {
    name: "completion",
    summary: "Print a completion script for a shell",
    positionals: "bash|zsh|fish",
    completes: "shell",
    details: `bash:  redline completion bash > ~/.local/share/bash-completion/completions/redline
zsh:   redline completion zsh > "\${fpath[1]}/_redline"
fish:  redline completion fish > ~/.config/fish/completions/redline.fish`,
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof SPECS;
