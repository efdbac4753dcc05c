import type { Recipe, Sandbox } from "./tools";

const ends = (sandbox: Sandbox): [string, string] => ["t0", `t${sandbox.steps.length - 1}`];

const git = (name: string, args: readonly string[], rest: Partial<Recipe> = {}): Recipe => {
  const at = args[0] === "-c" ? 2 : 0;
  return {
    tool: "git",
    name: `git diff ${name || args.join(" ")}`,
    truth: "exact",
    make: (sandbox) => sandbox.git_(...args.slice(0, at), "diff", ...args.slice(at), ...ends(sandbox)),
    ...rest,
  };
};

const log = (args: readonly string[], rest: Partial<Recipe> = {}): Recipe => ({
  tool: "git",
  name: `git ${args.join(" ")}`,
  truth: "exact",
  make: (sandbox) => sandbox.git_(...args, `t0..t${sandbox.steps.length - 1}`),
  ...rest,
});

const gnu = (args: readonly string[], rest: Partial<Recipe> = {}): Recipe => ({
  tool: "diff",
  name: `diff ${args.join(" ")}`,
  truth: "exact",
  make: (sandbox) => sandbox.run(sandbox.folders, "diff", [...args, "one", "two"]),
  ...rest,
});

const svn = (args: readonly string[], rest: Partial<Recipe> = {}): Recipe => ({
  tool: "svn",
  name: `svn ${args.join(" ")}`,
  truth: "exact",
  make: (sandbox) => sandbox.run(`${sandbox.svn}/copy`, "svn", args),
  ...rest,
});

const hg = (args: readonly string[], rest: Partial<Recipe> = {}): Recipe => ({
  tool: "hg",
  name: `hg ${args.join(" ")}`,
  truth: "exact",
  make: (sandbox) => sandbox.run(sandbox.hg, "hg", [...args, ...(args.includes("-r") ? [] : ["-r", "0", "-r", "tip"])]),
  ...rest,
});

const quilt = (args: readonly string[], rest: Partial<Recipe> = {}): Recipe => ({
  tool: "quilt",
  name: `quilt ${args.join(" ")}`,
  truth: "exact",
  make: (sandbox) => sandbox.run(sandbox.quilt, "quilt", args),
  ...rest,
});

const REFUSED = { truth: "refused" } as const;
const BUT_SPACE = { truth: "but-space", isPartial: true } as const;
const PARTIAL = { isPartial: true } as const;

/** One tree to the next. */
export const DIFF_RECIPES: readonly Recipe[] = [
  git("", []),
  git("", ["-U0"]),
  git("", ["-U1"]),
  git("", ["-U100"]),
  git("", ["--function-context"]),
  git("", ["--inter-hunk-context=3"]),
  git("", ["--no-prefix"]),
  git("", ["-c", "diff.mnemonicPrefix=true"]),
  git("", ["--src-prefix=old/", "--dst-prefix=new/"]),
  git("", ["--src-prefix=x/y/", "--dst-prefix=x/z/"], PARTIAL),
  git("", ["--src-prefix=was-", "--dst-prefix=is-"], PARTIAL),
  git("", ["--full-index"]),
  git("", ["--abbrev=4"], PARTIAL),
  git("", ["--no-renames"]),
  git("", ["-M10%"]),
  git("", ["-C", "-C", "-M10%"]),
  git("", ["-B"]),
  git("", ["--histogram"]),
  git("", ["--binary"]),
  git("", ["--text"]),
  git("", ["-c", "diff.suppressBlankEmpty=true"]),
  git("", ["-c", "core.quotePath=false"]),
  git("", ["--patch-with-stat"]),
  git("", ["--patch-with-raw"]),
  git("", ["--stat", "--summary", "-p"]),
  git("", ["--compact-summary", "-p"]),
  git("", ["--ws-error-highlight=all"]),
  git("", ["--irreversible-delete"], PARTIAL),
  git("backwards -R", ["-R"], {
    make: (sandbox) => sandbox.git_("diff", "-R", ...ends(sandbox).reverse()),
  }),
  git("without its index lines", [], {
    ...PARTIAL,
    make: (sandbox) => sandbox.git_("diff", ...ends(sandbox)).replace(/^index .*\n/gm, ""),
  }),
  git("words without its index lines", ["--color-words"], {
    ...REFUSED,
    make: (sandbox) =>
      sandbox
        .git_("diff", "--color-words", ...ends(sandbox))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours, as copying from it takes them away
        .replace(/\u001b\[[\d;]*m/g, "")
        .replace(/^index .*\n/gm, ""),
  }),
  git("", ["-b"], BUT_SPACE),
  git("", ["-w"], BUT_SPACE),
  git("", ["--ignore-space-at-eol"], BUT_SPACE),
  git("", ["--ignore-cr-at-eol"], BUT_SPACE),
  git("", ["--ignore-blank-lines"], BUT_SPACE),
  git("", ["--word-diff"], REFUSED),
  git("", ["--word-diff=porcelain"], REFUSED),
  git("", ["--color-words"], REFUSED),
  git("", ["--color"], REFUSED),
  git("words, colours lost", ["--color-words"], {
    ...REFUSED,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours, as copying from it takes them away
    make: (sandbox) => sandbox.git_("diff", "--color-words", ...ends(sandbox)).replace(/\u001b\[[\d;]*m/g, ""),
  }),
  git("", ["--output-indicator-new=>"], PARTIAL),
  git("", ["--output-indicator-old= "], PARTIAL),
  git("", ["--output-indicator-context=."], PARTIAL),
  git("", ["--line-prefix=| "], REFUSED),
  git("", ["--stat"], REFUSED),
  git("", ["--numstat"], REFUSED),
  git("", ["--raw"], REFUSED),
  git("", ["--name-status"], REFUSED),
  git("", ["--name-only"], REFUSED),
  git("", ["--shortstat"], REFUSED),
  git("in a quoted mail", [], {
    ...REFUSED,
    make: (sandbox) => sandbox.git_("diff", ...ends(sandbox)).replace(/^/gm, "> "),
  }),
  gnu(["-ruN"], PARTIAL),
  gnu(["-ruNp"], PARTIAL),
  gnu(["-ruNT"], PARTIAL),
  gnu(["-rNU0"], PARTIAL),
  gnu(["-rNU1"], PARTIAL),
  gnu(["-rNU50"], PARTIAL),
  gnu(["-ruN", "--suppress-blank-empty"], PARTIAL),
  gnu(["-ruN", "--minimal"], PARTIAL),
  gnu(["-ruNt"], BUT_SPACE),
  gnu(["-ruNw"], BUT_SPACE),
  gnu(["-ruNb"], BUT_SPACE),
  gnu(["-ruNB"], BUT_SPACE),
  gnu(["-ruNE"], BUT_SPACE),
  gnu(["-ruN", "--strip-trailing-cr"], BUT_SPACE),
  gnu(["-ru"], PARTIAL),
  gnu(["-rcN"], REFUSED),
  gnu(["-rN"], REFUSED),
  gnu(["-reN"], REFUSED),
  gnu(["-rfN"], REFUSED),
  gnu(["-rnN"], REFUSED),
  gnu(["-ryN"], REFUSED),
  gnu(["-rqN"], REFUSED),
  gnu(["-ruN", "--color=always"], REFUSED),
  svn(["diff"], PARTIAL),
  svn(["diff", "--git"], PARTIAL),
  svn(["diff", "-x", "-U1"], PARTIAL),
  svn(["diff", "-x", "-p"], PARTIAL),
  svn(["diff", "--show-copies-as-adds"], PARTIAL),
  svn(["diff", "--no-diff-deleted"], PARTIAL),
  svn(["diff", "--diff-cmd", "diff", "-x", "-c"], REFUSED),
  svn(["diff", "-x", "-w"], BUT_SPACE),
  svn(["diff", "--summarize"], REFUSED),
  hg(["diff"], PARTIAL),
  hg(["diff", "--git"], PARTIAL),
  hg(["diff", "--git", "--noprefix"], PARTIAL),
  hg(["diff", "--nodates"], PARTIAL),
  hg(["diff", "-U", "0"], PARTIAL),
  hg(["diff", "-p"], PARTIAL),
  hg(["diff", "-w"], BUT_SPACE),
  hg(["diff", "--stat"], REFUSED),
  quilt(["diff"], PARTIAL),
  quilt(["diff", "-p", "ab"], PARTIAL),
  quilt(["diff", "-p0"], PARTIAL),
  quilt(["diff", "--no-index", "--no-timestamps"], PARTIAL),
  quilt(["diff", "-c"], REFUSED),
];

/** Several commits in one text. */
export const LOG_RECIPES: readonly Recipe[] = [
  log(["log", "-p"]),
  log(["log", "-p", "--reverse"]),
  log(["log", "-p", "--full-index"]),
  log(["log", "-p", "--oneline"], PARTIAL),
  log(["log", "-p", "--format=%B"], PARTIAL),
  log(["log", "-p", "--no-prefix"]),
  log(["log", "-p", "--stat"]),
  log(["show"]),
  log(["format-patch", "--stdout"]),
  log(["format-patch", "--stdout", "--signature=+ mine"]),
  log(["format-patch", "--stdout", "--no-signature"]),
  log(["format-patch", "--stdout", "--attach"]),
  log(["format-patch", "--stdout", "--inline"]),
  log(["format-patch", "--stdout", "--cover-letter"]),
  log(["log", "--graph", "-p"], REFUSED),
  hg(["log", "-p", "-r", "tip:1"], PARTIAL),
  hg(["log", "-p", "--git", "-r", "tip:1"], PARTIAL),
  hg(["export", "-r", "1:tip"], PARTIAL),
  hg(["export", "--git", "-r", "1:tip"], PARTIAL),
];
