/** Lists a process's children and their memory, from Linux's /proc. */
import { readdirSync, readFileSync } from "node:fs";

export interface Weight {
  /** Memory of this process tree alone: pages shared among its processes count once. */
  usedMb: number;
  /** Of it, what no other process shares. */
  privateMb: number;
  /** As `top` shows it: shared pages count for each process. */
  rssMb: number;
}

/** The process and all that descend from it. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = /^PPid:\s+(\d+)$/m.exec(readIfThere(`/proc/${entry}/status`))?.[1];
    if (parent) parents.set(Number(entry), Number(parent));
  }
  const found = [pid];
  for (const member of found) for (const [child, parent] of parents) if (parent === member) found.push(child);
  return found;
}

/**
 * Proportional set sizes would count a share of Node's own pages with each Node that runs on the machine, and come out
 * lower where tests run beside. So shared pages are taken by mapping, each as large as the process with most of it has it.
 */
export function weightOf(pids: number[]): Weight {
  const shared = new Map<string, number>();
  let privateKb = 0;
  let rssKb = 0;
  for (const mapping of pids.flatMap(mappingsOf)) {
    rssKb += mapping.rssKb;
    privateKb += mapping.privateKb;
    const kb = mapping.rssKb - mapping.privateKb;
    if (kb > (shared.get(mapping.of) ?? 0)) shared.set(mapping.of, kb);
  }
  const sharedKb = [...shared.values()].reduce((sum, kb) => sum + kb, 0);
  return { usedMb: (privateKb + sharedKb) / 1024, privateMb: privateKb / 1024, rssMb: rssKb / 1024 };
}

/** The sum of proportional set sizes: Node's own pages are shared with every other Node that runs on the machine. */
export function proportionalMb(pids: number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

const MAPPING = /^[0-9a-f]+-[0-9a-f]+ \S+ (?<offset>\S+) (?<device>\S+) (?<inode>\d+)/;

/** `of` names what is mapped: a part of a file, or memory without one. */
function mappingsOf(pid: number): { of: string; rssKb: number; privateKb: number }[] {
  const parts = readIfThere(`/proc/${pid}/smaps`).split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  return parts.filter(Boolean).map((part, at) => {
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(part)?.[1] ?? 0);
    const { offset, device, inode } = MAPPING.exec(part)?.groups ?? {};
    return {
      of: inode === "0" ? `${pid}.${at}` : `${device}.${inode}.${offset}`,
      rssKb: kilobytes("Rss"),
      privateKb: kilobytes("Private_Clean") + kilobytes("Private_Dirty"),
    };
  });
}

/** Program and arguments, each ended by a NUL. */
export const commandOf = (pid: number): string => readIfThere(`/proc/${pid}/cmdline`);

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process ended while we looked.
    return "";
  }
}
