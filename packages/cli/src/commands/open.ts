/** `redline [RANGE]` and `redline watch`: what changed, in the browser, linked with the work tree for as long as they run. */
import { setTimeout as sleep } from "node:timers/promises";
import { openBrowser } from "../browser/open-browser";
import { loadConfig } from "../config/config";
import { CommandFailure } from "../failure";
import type { DifferenceSpec, Git } from "../git/git";
import { openGit } from "../git/repository";
import { connectServer, type Server } from "../server/server";
import { watchDisk } from "../sync/disk-watch";
import { follow } from "../sync/follow";
import { followedSpec, type Linked, WorkTreeLink } from "../sync/link";
import { sentenceOf } from "../sync/say";
import { AcceptedLines } from "../sync/stage-accepted";
import { colorsFor, type Io, printable, write } from "../terminal";
import type { Arguments } from "./command";

const STAGE_EVERY_MS = 1_000;

export const run = (args: Arguments, io: Io): Promise<number> => open(args, io, { isShown: !args.values["no-open"] });

/** `isShown`: the browser is opened. */
export async function open(args: Arguments, io: Io, { isShown }: { isShown: boolean }): Promise<number> {
  const git = await openGit(io.cwd, io.env);
  const ended = endOf();
  try {
    const { spec, range } = await chosenDifference(git, args);
    const server = await connectServer(io);
    const line = lines(io);
    const colors = colorsFor(io.stdout, io.env);
    const link = new WorkTreeLink({ git, server, spec, range, say: (event) => line(sentenceOf(event, colors)) });
    const elsewhere = link.own();
    try {
      if (elsewhere) {
        await show(server, elsewhere.id, io, isShown);
        line(`Process ${elsewhere.pid} already links it with this work tree.`);
        return 0;
      }
      const linked = (await link.open()) ?? (await firstChange(link, git, spec, line, ended.signal));
      if (!linked) return 0;
      await show(server, linked.id, io, isShown);
      line(`Linked with ${git.root} until Ctrl-C.`);
      const staging = args.values.stage ? stageAccepted(linked, git, line, ended.signal) : undefined;
      await keep(linked, git, line, ended.signal);
      await staging;
      return 0;
    } finally {
      link.release();
    }
  } finally {
    ended.dispose();
    await git.close();
  }
}

type Say = (sentence: string) => void;

/** One line after another, in order. */
function lines(io: Io): Say {
  let last: Promise<void> = Promise.resolve();
  return (sentence) => {
    last = last.then(() => write(io.stdout, `${sentence}\n`)).catch(() => undefined);
  };
}

/** The first argument is a range; without one it is what is not committed. */
async function chosenDifference(git: Git, args: Arguments): Promise<{ spec: DifferenceSpec; range: string }> {
  const { values, positionals, rest } = args;
  const [range, ...others] = [...positionals, ...rest];
  if (!git.isRepository)
    throw new CommandFailure("This is not a git work tree.", "redline review FILE… reviews whole files.");
  const modes = ["staged", "branch"].filter((each) => values[each]).map((each) => `--${each}`);
  const [asked, other] = [...modes, ...(range === undefined ? [] : [range]), ...others];
  if (other !== undefined) throw new CommandFailure(`${asked} and ${other} can't be used together.`);
  if (asked === undefined) return { spec: followedSpec("HEAD", undefined), range: "HEAD" };
  if (asked === "--staged") return { spec: { kind: "staged" }, range: asked };
  if (asked === "--branch") {
    return { spec: followedSpec(asked, (await loadConfig(git.root)).baseBranch), range: asked };
  }
  if (await git.isRevision(asked)) return { spec: { kind: "range", range: asked }, range: asked };
  throw new CommandFailure(
    `There is no command "${asked}", and no such revision.`,
    "redline --help lists the commands.",
  );
}

async function show(server: Server, id: string, io: Io, isShown: boolean): Promise<void> {
  const url = `${server.address}/sessions/${id}`;
  await write(io.stdout, `${url}\n`);
  if (isShown && !(await openBrowser(url, io.env))) await write(io.stdout, "Open it in a browser.\n");
}

/** Waits for something to review. Undefined where nothing will come, or this ends before. */
async function firstChange(
  link: WorkTreeLink,
  git: Git,
  spec: DifferenceSpec,
  say: Say,
  signal: AbortSignal,
): Promise<Linked | undefined> {
  if (spec.kind === "range" || spec.kind === "staged") {
    say("Nothing is changed.");
    return undefined;
  }
  say("Nothing is changed yet. Waiting for the first change.");
  let wake: () => void = () => undefined;
  const unwatch = await watchDisk(git, () => wake(), say);
  signal.addEventListener("abort", () => wake());
  try {
    while (!signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      const linked = signal.aborted ? undefined : await link.open().catch(() => undefined);
      if (linked) return linked;
    }
    return undefined;
  } finally {
    await unwatch();
  }
}

/** Looks at what was accepted every second: an acceptance is no version that could be waited for. */
async function stageAccepted(linked: Linked, git: Git, say: Say, signal: AbortSignal): Promise<void> {
  const { index } = git;
  if (!index) throw new CommandFailure("--stage needs the git program, which was not found.");
  const said = { staged: "was staged", unstaged: "is staged no more", left: "is left as it is staged" } as const;
  const lines = new AcceptedLines(index, linked.staged, ({ path, outcome }) =>
    say(`${printable(path)} ${said[outcome]}.`),
  );
  while (!signal.aborted) {
    try {
      if (await lines.sync(await linked.session.filesToStage())) linked.keepStaged();
    } catch (error) {
      // git may be at work, and Redline on its way back: the next look has it.
      if (!(error instanceof CommandFailure)) throw error;
    }
    await sleep(STAGE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function keep({ engine, session }: Linked, git: Git, say: Say, signal: AbortSignal): Promise<void> {
  let lastSaid = "";
  const failed = (error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
    if (error.message !== lastSaid) say(`! ${error.message}`);
    lastSaid = error.message;
  };
  await follow({ engine, session, watch: (changed) => watchDisk(git, changed, say), failed, signal });
}

/** Aborts with Ctrl-C or `kill`; a second Ctrl-C ends at once. */
function endOf(): { signal: AbortSignal; dispose(): void } {
  const ended = new AbortController();
  const end = () => ended.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, end);
  return {
    signal: ended.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, end);
    },
  };
}
