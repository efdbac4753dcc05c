/** Opens the store's LevelDB: looks at its logs before, and at what came of them after. */
import { copyFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ClassicLevel } from "classic-level";
import { AcknowledgedMark } from "./acknowledged-mark";
import { type DataFolder, syncFolder } from "./data-folder";
import { COMMIT_KEY, checkLogs, cutLogs } from "./log-check";
import { makeFolder } from "./make-folder";

export type Level = ClassicLevel<string, unknown>;

export interface OpenedLevel {
  level: Level;
  mark: AcknowledgedMark;
  /** The number of the last write in it. */
  lastCommit: number;
}

export interface OpenOptions {
  isDurable: boolean;
  say: (sentence: string) => void;
  /** The last write that was acknowledged, where this process knows; later ones are cut off. */
  lastAcknowledged?: number;
}

/** The caller owns the folder. @throws errors of the file system and of LevelDB; then nothing is open */
export async function openLevel(folder: DataFolder, options: OpenOptions): Promise<OpenedLevel> {
  const mark = AcknowledgedMark.open(folder.markPath);
  const level: Level = new ClassicLevel(folder.levelFolder, {
    valueEncoding: "json",
    cacheSize: 4 * 1024 * 1024,
    writeBufferSize: 2 * 1024 * 1024,
  });
  try {
    const check = checkLogs(folder.levelFolder, options.lastAcknowledged);
    const copies = check.damaged.flatMap((path) => keepCopy(path, folder.damagedFolder));
    cutLogs(check);
    await level.open();
    const lastCommit = ((await level.get(COMMIT_KEY)) as number | undefined) ?? 0;
    const lost = Math.max(0, (options.lastAcknowledged ?? mark.found ?? 0) - lastCommit);
    // A write that was cut off before it was acknowledged is no loss; without a mark that is unknown.
    const isLoss = lost > 0 || (mark.found === undefined && check.damaged.length > 0);
    if (isLoss) options.say(lossSentence(folder, lost, copies));
    else for (const copy of copies) rmSync(copy, { force: true });
    folder.forgetLog();
    mark.write(lastCommit);
    if (options.isDurable) for (const each of [folder.levelFolder, folder.folder, folder.dataDir]) syncFolder(each);
    return { level, mark, lastCommit };
  } catch (error) {
    mark.close();
    await level.close();
    throw error;
  }
}

/** LevelDB removes each log once it was read. On a full disk there is no copy; what is lost is said all the same. */
function keepCopy(path: string, to: string): string[] {
  const copy = join(to, `${new Date().toISOString().replaceAll(":", "-")}-${basename(path)}`);
  try {
    makeFolder(to);
    copyFileSync(path, copy);
    return [copy];
  } catch {
    return [];
  }
}

function lossSentence(folder: DataFolder, lost: number, copies: string[]): string {
  const what =
    lost === 0 ? "A part of what was written last" : lost === 1 ? "The last write" : `The last ${lost} writes`;
  const where = copies.length > 0 ? ` A copy of the damaged log is in ${folder.damagedFolder}.` : "";
  return `${what} to Redline's data (${folder.dataDir}) cannot be read and ${lost > 1 ? "are" : "is"} lost; all before is there.${where}`;
}
