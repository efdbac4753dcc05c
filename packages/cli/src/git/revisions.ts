/** Finds the commits that a difference is between. */
import { CommandFailure } from "../failure";
import type { GitProgram } from "./program";

/** A commit or tree, and its name for people. */
export type Revision = { id: string; name: string };

/** Branches that are taken for the default one where no remote names it, in this order. */
const USUAL_BRANCHES = ["main", "master", "trunk", "develop"];

export async function commitOf(git: GitProgram, revision: string): Promise<string | undefined> {
  // Nothing that begins with a dash is a revision, and git would take it for an option.
  if (revision.startsWith("-") || revision === "") return undefined;
  return git.ask(["rev-parse", "--quiet", "--verify", "--end-of-options", `${revision}^{commit}`]);
}

export async function requireCommit(git: GitProgram, revision: string): Promise<Revision> {
  const id = await commitOf(git, revision);
  if (id) return { id, name: nameOf(revision, id) };
  const isShallow = (await git.ask(["rev-parse", "--is-shallow-repository"])) === "true";
  throw new CommandFailure(
    `There is no revision "${revision}" in this repository.`,
    isShallow ? "The clone is shallow: fetch its whole history (git fetch --unshallow)." : undefined,
  );
}

const nameOf = (revision: string, id: string): string =>
  id.startsWith(revision) ? id.slice(0, 7) : `${revision} (${id.slice(0, 7)})`;

/** `HEAD`, or the empty tree where nothing has been committed. */
export async function headOf(git: GitProgram): Promise<Revision> {
  const id = await commitOf(git, "HEAD");
  return id ? { id, name: `HEAD (${id.slice(0, 7)})` } : emptyTree(git);
}

export async function emptyTree(git: GitProgram): Promise<Revision> {
  const id = await git.ask(["hash-object", "-t", "tree", "--stdin"]);
  if (!id) throw new CommandFailure("git can't name the empty tree.");
  return { id, name: "nothing" };
}

/** The best common ancestor of two commits; the first itself, with a note, where there is none. */
export async function mergeBase(
  git: GitProgram,
  one: Revision,
  two: Revision,
): Promise<{ base: Revision; notes: string[] }> {
  const id = await git.ask(["merge-base", one.id, two.id]);
  if (id === one.id) return { base: one, notes: [] };
  if (id) return { base: { id, name: `the merge base with ${one.name}` }, notes: [] };
  const note = `${one.name} and ${two.name} have no common ancestor here (a shallow clone?), so they are compared directly.`;
  return { base: one, notes: [note] };
}

/** Both ends of `a..b`, `a...b`, or of one commit and its first parent. */
export async function endsOf(
  git: GitProgram,
  range: string,
): Promise<{ base: Revision; head: Revision; notes: string[] }> {
  const dots = /^(.*?)(\.{2,3})(.*)$/.exec(range);
  if (!dots) {
    const head = await requireCommit(git, range);
    const parent = await commitOf(git, `${head.id}^`);
    const base = parent ? { id: parent, name: parent.slice(0, 7) } : await emptyTree(git);
    return { base, head, notes: [] };
  }
  const [, from, separator, to] = dots;
  const first = await requireCommit(git, from || "HEAD");
  const head = await requireCommit(git, to || "HEAD");
  if (separator === "..") return { base: first, head, notes: [] };
  return { head, ...(await mergeBase(git, first, head)) };
}

/** The default branch: the configured one, what the remote says it is, or a usual name. Remote branches come first. */
export async function defaultBranch(git: GitProgram, configured: string | undefined): Promise<Revision> {
  const named = configured ? [configured] : USUAL_BRANCHES;
  const remote = configured ? undefined : await git.ask(["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]);
  const candidates = [
    ...(remote ? [remote.replace(/^refs\/remotes\//, "")] : []),
    ...named.flatMap((branch) => [`origin/${branch}`, branch]),
  ];
  for (const candidate of candidates) {
    const id = await commitOf(git, candidate);
    if (id) return { id, name: `${candidate} (${id.slice(0, 7)})` };
  }
  throw new CommandFailure(
    configured
      ? `There is no branch "${configured}", which redline.json names as the base branch.`
      : "The default branch is unknown: no remote names it, and there is no main or master.",
    'Name it with --base, or as "baseBranch" in redline.json.',
  );
}
