/** The sessions that a work tree is linked with, and what its agent was told of each: kept in the data folder. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const Link = v.object({ root: v.string(), sessionId: v.pipe(v.string(), v.regex(/^ses_[0-9A-Za-z]{26}$/)) });
const Told = v.object({ decision: v.number(), notesAt: v.string() });

/** The last decision, and the time of the last note, that the agent knows. */
export type ToldOf = v.InferOutput<typeof Told>;

/** Returns the ids of the sessions that `redline` or `redline watch` linked with a work tree. */
export function linkedSessions(dataFolder: string, root: string): string[] {
  const folder = join(dataFolder, "work-trees");
  const links = names(folder).flatMap((name) => {
    const link = name.endsWith(".json") ? readJson(join(folder, name), Link) : undefined;
    return link?.root === root ? [link.sessionId] : [];
  });
  return [...new Set(links)];
}

export const readTold = (dataFolder: string, sessionId: string): ToldOf | undefined =>
  readJson(join(dataFolder, "told", `${sessionId}.json`), Told);

export function writeTold(dataFolder: string, sessionId: string, told: ToldOf): void {
  const folder = join(dataFolder, "told");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = join(folder, `${sessionId}.${process.pid}`);
  writeFileSync(made, JSON.stringify(told), { mode: 0o600 });
  renameSync(made, join(folder, `${sessionId}.json`));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file that is not there, or of no use, is as good as none. */
function readJson<Schema extends v.GenericSchema>(path: string, schema: Schema): v.InferOutput<Schema> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
