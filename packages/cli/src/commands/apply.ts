/** `redline apply`. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PatchRefused } from "@redline/core/text/index";
import { type Input, readInput } from "../apply/input";
import { type Plan, type PlannedFile, planPatch } from "../apply/plan";
import { PatchTree } from "../apply/tree";
import { CommandFailure } from "../failure";
import { counted } from "../formats/summary";
import { openGit } from "../git/repository";
import type { WorkTreeFiles } from "../git/work-tree-files";
import { decodeFile } from "../review/file-text";
import { colorsFor, type Io, printable, readAll, write } from "../terminal";
import type { Arguments } from "./command";

const EXIT_CODES = { applied: 0, conflicted: 1, refused: 2 } as const;
const MAX_BASE_BYTES = 64 * 1024 * 1024;

export async function run({ values, positionals, rest }: Arguments, io: Io): Promise<number> {
  const [file, more] = [...positionals, ...rest];
  if (more !== undefined) throw new CommandFailure("redline apply takes one file, or standard input.");
  const text = await inputText(file, io);
  const git = await openGit(io.cwd, io.env);
  try {
    const tree = new PatchTree(git.files);
    const plan = await planInput(text, tree, async (id) => {
      const content = await git.readBlob(id, MAX_BASE_BYTES);
      const decoded = Buffer.isBuffer(content) ? decodeFile(content) : content;
      return "text" in decoded ? decoded.text : undefined;
    });
    const isWritten =
      !values.check && (plan.outcome === "applied" || (plan.outcome === "conflicted" && values.markers === true));
    const result = isWritten ? writeFiles(plan, tree, git.files) : plan;
    await write(io.stdout, values.format === "json" ? jsonText(result) : resultText(result, { isWritten }, io));
    return EXIT_CODES[result.outcome];
  } finally {
    await git.close();
  }
}

async function inputText(file: string | undefined, io: Io): Promise<string> {
  if (file === undefined || file === "-") return (await readAll(io.stdin)).toString("utf8");
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new CommandFailure(`${file} can't be read: ${(error as Error).message}`);
  }
}

async function planInput(
  text: string,
  tree: PatchTree,
  blobText: (id: string) => Promise<string | undefined>,
): Promise<Plan> {
  let input: Input;
  try {
    input = readInput(text);
  } catch (error) {
    if (error instanceof PatchRefused) return { outcome: "refused", reason: error.message };
    throw error;
  }
  return planPatch(input, tree, blobText);
}

/** Writes all files or none: each is written beside its place first, and nothing is replaced before all are. */
function writeFiles(plan: Extract<Plan, { files: PlannedFile[] }>, tree: PatchTree, files: WorkTreeFiles): Plan {
  const staged: { commit(): void; discard(): void }[] = [];
  const discardAll = () => staged.map((each) => each.discard());
  try {
    for (const { path, after } of plan.files) {
      const before = tree.bytes.get(path) ?? null;
      const step = after === null ? stageRemoval(path, before, files) : files.stage(path, before, Buffer.from(after));
      if (!step) {
        discardAll();
        return { outcome: "refused", reason: `${path} was changed while the patch was being applied.`, path };
      }
      staged.push(step);
    }
  } catch (error) {
    discardAll();
    throw error;
  }
  for (const { commit } of staged) commit();
  return plan;
}

function stageRemoval(path: string, before: Buffer | null, files: WorkTreeFiles) {
  return files.isUnchanged(path, before) ? { commit: () => files.remove(path), discard: () => {} } : undefined;
}

const jsonText = (plan: Plan): string =>
  `${JSON.stringify(
    plan.outcome === "refused"
      ? plan
      : {
          outcome: plan.outcome,
          files: plan.files.map(({ path, after, isNew, conflicts }) => ({
            path,
            change: changeOf({ after, isNew }),
            conflicts,
          })),
        },
    null,
    2,
  )}\n`;

const changeOf = ({ after, isNew }: Pick<PlannedFile, "after" | "isNew">): string =>
  after === null ? "deleted" : isNew ? "created" : "changed";

function resultText(plan: Plan, { isWritten }: { isWritten: boolean }, io: Io): string {
  const colors = colorsFor(io.stdout, io.env);
  if (plan.outcome === "refused") return `${colors.red("refused")}  ${printable(plan.reason)}\nNothing was changed.\n`;
  const lines = plan.files.map((file) =>
    file.conflicts > 0
      ? `${colors.red("conflict")}  ${printable(file.path)}: ${counted(file.conflicts, "place")} changed on both sides`
      : `${colors.green(changeOf(file).padEnd(8))}  ${printable(file.path)}`,
  );
  if (!isWritten) lines.push(plan.outcome === "applied" ? "It applies; nothing was written." : "Nothing was changed.");
  return `${lines.join("\n")}\n`;
}
