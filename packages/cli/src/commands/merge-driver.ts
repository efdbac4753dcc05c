/** `redline merge-driver`: what git runs for a file that both sides changed. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { bytesOf, mergeFiles, readThree, type ThreeFiles } from "../merge/three-files";
import { type Io, write } from "../terminal";
import type { Arguments } from "./command";

/** git takes codes up to 128 for conflicts, and gives up the merge above. */
const GIVE_UP = 129;

export async function run({ positionals, rest }: Arguments, io: Io): Promise<number> {
  const [base, ours, theirs, size, path, ...labels] = [...positionals, ...rest];
  const inFolder = (name: string) => resolve(io.cwd, name);
  if (base === undefined || ours === undefined || theirs === undefined) {
    await write(io.stderr, "redline: merge-driver takes the three files that git names: %O %A %B.\n");
    return GIVE_UP;
  }
  let files: ThreeFiles;
  try {
    files = readThree(inFolder(base), inFolder(ours), inFolder(theirs));
  } catch (error) {
    await write(io.stderr, `redline: ${(error as Error).message}\n`);
    return GIVE_UP;
  }
  const markerLength = Number(size) > 0 ? Number(size) : undefined;
  const [, ourLabel = "ours", theirLabel = "theirs"] = labels;
  const merged = mergeFiles(files, { ours: ourLabel, theirs: theirLabel, ...(markerLength && { markerLength }) });
  if (!merged) {
    await write(io.stderr, `redline: ${path ?? ours} is binary, so both sides can't be merged.\n`);
    return 1;
  }
  writeFileSync(inFolder(ours), bytesOf(merged.text));
  return merged.clean ? 0 : 1;
}
