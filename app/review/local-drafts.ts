/** Drafts kept in this browser, so that edits survive a crash or a lost connection. */

export type LocalDraft = {
  sessionId: string;
  draftId: string;
  base: number;
  files: { path: string; text: string }[];
  /** Change id of a save without a response yet, resent with the same id. */
  pendingSave?: string;
  savedAt: string;
};

const STORE = "drafts";
let opened: Promise<IDBDatabase> | undefined;

/** Opens the database. Fails while a tab with a former version of this page holds it. */
function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("redline", 2);
    request.onupgradeneeded = () => upgrade(request);
    request.onblocked = () => reject(new Error("Another tab is still using an older version of the drafts database."));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
  return opened;
}

/** Creates the store. In version 1 a draft's id was called `window`, also in the key. */
function upgrade({ result: database, transaction }: IDBOpenDBRequest): void {
  const create = () => database.createObjectStore(STORE, { keyPath: ["sessionId", "draftId"] });
  if (!transaction || !database.objectStoreNames.contains(STORE)) return void create();
  const former: IDBRequest<(Omit<LocalDraft, "draftId"> & { window: string })[]> = transaction
    .objectStore(STORE)
    .getAll();
  former.onsuccess = () => {
    database.deleteObjectStore(STORE);
    const store = create();
    for (const { window, ...draft } of former.result) store.put({ ...draft, draftId: window });
  };
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
  get: (sessionId: string, draftId: string): Promise<LocalDraft | undefined> =>
    run("readonly", (store) => store.get([sessionId, draftId])),
  remove: (sessionId: string, draftId: string) => run("readwrite", (store) => store.delete([sessionId, draftId])),
  /** Those of every tab in a session, newest first. */
  async list(sessionId: string): Promise<LocalDraft[]> {
    const range = IDBKeyRange.bound([sessionId, ""], [sessionId, "\uffff"]);
    const found: LocalDraft[] = (await run("readonly", (store) => store.getAll(range))) ?? [];
    return found.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
  },
};

export type LocalDrafts = typeof localDrafts;
