/** Who a process's children are and what they weigh, from Linux's /proc. */
import { readdirSync, readFileSync } from "node:fs";

export interface Weight {
  /** Proportional set size: shared pages count as a share each, so that a sum over processes is true. */
  pssMb: number;
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

export function weightOf(pids: number[]): Weight {
  const total = { pssMb: 0, rssMb: 0 };
  for (const pid of pids) {
    const rollup = readIfThere(`/proc/${pid}/smaps_rollup`);
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(rollup)?.[1] ?? 0);
    total.pssMb += kilobytes("Pss") / 1024;
    total.rssMb += kilobytes("Rss") / 1024;
  }
  return total;
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
