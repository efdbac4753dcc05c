/** Drafts kept in this browser, so that edits survive a crash or a lost connection. */

export type LocalDraft = {
  sessionId: string;
  window: string;
  base: number;
  files: { path: string; text: string }[];
  /** Change id of a save without a response yet, resent with the same id. */
  pendingSave?: string;
  savedAt: string;
};

const STORE = "drafts";
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("redline", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["sessionId", "window"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result | undefined> {
  try {
    const database = await open();
    return await new Promise<Result>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    // A browser that keeps nothing (private windows, a full disk) still has the server's draft.
    return undefined;
  }
}

export const localDrafts = {
  put: (draft: LocalDraft) => run("readwrite", (store) => store.put(draft)),
  get: (sessionId: string, window: string): Promise<LocalDraft | undefined> =>
    run("readonly", (store) => store.get([sessionId, window])),
  remove: (sessionId: string, window: string) => run("readwrite", (store) => store.delete([sessionId, window])),
  /** Those of every window of a session, newest first. */
  async list(sessionId: string): Promise<LocalDraft[]> {
    const range = IDBKeyRange.bound([sessionId, ""], [sessionId, "\uffff"]);
    const found: LocalDraft[] = (await run("readonly", (store) => store.getAll(range))) ?? [];
    return found.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
  },
};

export type LocalDrafts = typeof localDrafts;
