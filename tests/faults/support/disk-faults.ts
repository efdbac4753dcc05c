/** A disk that fails on request: compiles `disk-faults.c` and tells it what is to fail. Linux with glibc and gcc. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("disk-faults.c", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../.cache/disk-faults", import.meta.url));

/** Kinds of calls: writing, waiting for the disk, making files and folders, and giving or taking names. */
const KINDS = { write: 1, sync: 2, create: 4, name: 8 } as const;
export type CallKind = keyof typeof KINDS;

export type DiskError = "ENOSPC" | "EDQUOT" | "EIO" | "EROFS";

export interface DiskFault {
  error: DiskError;
  kinds: CallKind[];
  /** So many matching calls still succeed. */
  after: number;
  /** True when all later calls fail as well, as on a full disk. */
  lasting: boolean;
  /** Bytes that a failing write still takes. */
  shortBy: number;
}

/** Returns the library to preload, or why there is none. */
export function compileDiskFaults(): { library: string } | { missing: string } {
  if (process.platform !== "linux") return { missing: "Faults of the disk are injected on Linux only." };
  const source = readFileSync(SOURCE);
  const library = join(CACHE, `${createHash("sha256").update(source).digest("hex").slice(0, 16)}.so`);
  if (existsSync(library)) return { library };
  mkdirSync(CACHE, { recursive: true });
  const made = `${library}.${process.pid}`;
  const { status, error, stderr } = spawnSync("gcc", ["-O1", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl"]);
  if (error) return { missing: "There is no gcc, so no faults of the disk are injected." };
  if (status !== 0) return { missing: `No faults of the disk are injected: ${stderr}` };
  renameSync(made, library);
  return { library };
}

/**
 * Returns the environment in which a process's files under `folder` fail on request, made with a control file beside it.
 */
export const diskFaultsEnv = (library: string, folder: string, controlPath: string): Record<string, string> => ({
  LD_PRELOAD: library,
  DISK_FAULTS_FOLDER: folder,
  DISK_FAULTS_CONTROL: controlPath,
});

/** Speaks to the preloaded library, in this process or another, through the file that it has mapped. */
export class DiskControl {
  private readonly file: number;

  /** Must be made before the process that is to fail is started; that process may then have one as well. */
  constructor(readonly path: string) {
    this.file = openSync(path, existsSync(path) ? "r+" : "wx+");
    this.put([0, 0, 0, 0, 0, 0, 0]);
  }

  fail({ error, kinds, after, lasting, shortBy }: DiskFault): void {
    const mask = kinds.reduce((sum, kind) => sum | KINDS[kind], 0);
    const errno = constants.errno[error];
    this.put([0, after, errno, mask, Number(lasting), shortBy, 0]);
    this.put([1]);
  }

  /** Nothing fails any more. Returns how many calls did. */
  heal(): number {
    this.put([0]);
    const numbers = Buffer.alloc(28);
    readSync(this.file, numbers, 0, 28, 0);
    return numbers.readInt32LE(24);
  }

  close(): void {
    closeSync(this.file);
  }

  private put(numbers: number[]): void {
    const bytes = Buffer.alloc(numbers.length * 4);
    for (const [place, number] of numbers.entries()) bytes.writeInt32LE(number, place * 4);
    writeSync(this.file, bytes, 0, bytes.length, 0);
  }
}
