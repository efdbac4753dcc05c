/** The data folder cannot be written, or not be read: which trouble it is, and what a person is told of it. */
import { constants } from "node:os";

export type StorageTrouble = "full" | "read-only" | "not-a-folder" | "removed" | "failing" | "damaged";

const WORDS: Record<StorageTrouble, { what: (folder: string) => string; next: string }> = {
  full: {
    what: (folder) => `The disk that holds Redline's data (${folder}) is full.`,
    next: "Free some space there",
  },
  "read-only": {
    what: (folder) => `Redline's data folder (${folder}) is read-only.`,
    next: "Make it writable",
  },
  "not-a-folder": {
    what: (folder) => `Redline's data (${folder}) is to be a folder, and a file stands there or on the way to it.`,
    next: "Name another with REDLINE_DATA, or move that file away",
  },
  removed: {
    what: (folder) => `Files of Redline's data folder (${folder}) are missing.`,
    next: "Put them back",
  },
  failing: {
    what: (folder) => `The disk that holds Redline's data (${folder}) fails to read or write.`,
    next: "Check that disk",
  },
  damaged: {
    what: (folder) => `Redline's data (${folder}) is damaged.`,
    next: "Put a copy of the folder in its place, or move it away to begin anew",
  },
};

const BY_NAME: Partial<Record<keyof typeof constants.errno, StorageTrouble>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
  ENOENT: "removed",
  ENOTDIR: "not-a-folder",
  ESTALE: "removed",
};

/** By number: Node has no code for some of them, and calls a quota that is exceeded "Unknown system error -122". */
const BY_ERRNO = new Map(
  Object.entries(BY_NAME).map(([name, trouble]) => [constants.errno[name as keyof typeof BY_NAME], trouble]),
);

/** LevelDB passes errors of the system on as text. */
const BY_TEXT: [RegExp, StorageTrouble][] = [
  [/^Corruption/, "damaged"],
  [/No space left|quota exceeded|File too large/i, "full"],
  [/Read-only file system|Permission denied|Operation not permitted/i, "read-only"],
  [/No such file|Not a directory|Stale/i, "removed"],
];

export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";

  /**
   * @param folder the data folder, as a person knows it
   * @param isInDoubt whether what was refused could not be undone, so that it may be there after the next start
   */
  constructor(
    readonly trouble: StorageTrouble,
    private readonly folder: string,
    readonly isInDoubt = false,
    options?: ErrorOptions,
  ) {
    const { what, next } = WORDS[trouble];
    super([what(folder), kept(trouble, isInDoubt), `${next}, then try again.`].join(" "), options);
  }

  /** @param error of Node's or of LevelDB's */
  static from(error: unknown, folder: string): StorageUnavailable {
    return error instanceof StorageUnavailable
      ? error
      : new StorageUnavailable(troubleOf(error), folder, false, { cause: error });
  }

  /** The cause and the remedy, without a word about any request. */
  get reason(): string {
    const { what, next } = WORDS[this.trouble];
    return `${what(this.folder)} ${next}.`;
  }

  /** The sentence for the person who starts Redline. */
  get startSentence(): string {
    const { what, next } = WORDS[this.trouble];
    return `${what(this.folder)} Nothing was changed. ${next} and start again.`;
  }

  get inDoubt(): StorageUnavailable {
    return new StorageUnavailable(this.trouble, this.folder, true, { cause: this.cause });
  }
}

function troubleOf(error: unknown): StorageTrouble {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message, code, errno } = cause as NodeJS.ErrnoException;
    const known = BY_NAME[code as keyof typeof BY_NAME] ?? BY_ERRNO.get(-(errno ?? 0));
    if (known) return known;
    const byText = BY_TEXT.find(([words]) => words.test(message));
    if (byText) return byText[1];
  }
  return "failing";
}

function kept(trouble: StorageTrouble, isInDoubt: boolean): string {
  if (isInDoubt) return "This may or may not have been saved.";
  const isWhole = trouble === "full" || trouble === "read-only";
  return isWhole ? "Nothing was changed, and what was saved before is kept." : "Nothing was changed.";
}
