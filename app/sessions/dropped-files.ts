/** A file with its path inside the folder that was dropped or chosen. */
export type DroppedFile = { path: string; file: File };

/** The files found, and the number skipped as generated or third-party. */
export type DroppedFiles = { files: DroppedFile[]; skipped: number };

/** Folders with third-party or generated files. */
const SKIPPED_FOLDERS = new Set(["node_modules", ".git", ".hg", ".svn", "__pycache__", ".venv"]);
const MAX_ENTRIES = 2_000;

const isSkipped = (path: string): boolean =>
  path.split("/").some((segment) => SKIPPED_FOLDERS.has(segment) || segment === ".DS_Store");

/** Returns a file input's files; those of a folder with their relative paths. */
export function readFileList(list: FileList): DroppedFiles {
  const all = [...list].map((file) => ({ path: stripTopFolder(file.webkitRelativePath) || file.name, file }));
  const files = all.filter(({ path }) => !isSkipped(path));
  return { files, skipped: all.length - files.length };
}

/** Strips the chosen folder's own name from a path. */
const stripTopFolder = (path: string): string => path.slice(path.indexOf("/") + 1);

/** Reads the files of a drop or paste, including folders, up to 2,000. Must be called during the event. */
export async function readDataTransfer(data: DataTransfer): Promise<DroppedFiles> {
  const entries = [...data.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const found: DroppedFiles = { files: [], skipped: 0 };
  if (entries.every((entry) => entry === null)) return readFileList(data.files);
  const isOneFolder = entries.length === 1 && entries[0]?.isDirectory === true;
  for (const entry of entries) if (entry) await walk(entry, "", isOneFolder, found);
  return found;
}

async function walk(entry: FileSystemEntry, folder: string, isTop: boolean, found: DroppedFiles): Promise<void> {
  if (found.files.length >= MAX_ENTRIES) return;
  const path = isTop ? "" : folder + entry.name;
  if (isSkipped(path)) {
    found.skipped += 1;
    return;
  }
  if (entry.isFile) {
    found.files.push({ path, file: await readFile(entry as FileSystemFileEntry) });
    return;
  }
  for (const child of await readDirectory(entry as FileSystemDirectoryEntry)) {
    await walk(child, path && `${path}/`, false, found);
  }
}

const readFile = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** Reads a directory. A reader returns up to 100 entries per call, and none at the end. */
async function readDirectory(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}
