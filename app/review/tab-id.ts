const KEY = "redline.draft";
const lockName = (id: string) => `redline.draft.${id}`;
const newId = () => crypto.randomUUID().replaceAll("-", "").slice(0, 20);

let known: Promise<string> | undefined;

/**
 * Returns this tab's id: stable across reloads, and unique among open tabs (duplicating a tab copies its session
 * storage, so a lock decides).
 */
export function getTabId(): Promise<string> {
  known ??= (async () => {
    const stored = readStored();
    const id = stored && (await acquireLock(stored)) ? stored : newId();
    if (id !== stored) await acquireLock(id);
    try {
      sessionStorage.setItem(KEY, id);
    } catch {
      // The id holds for this page only.
    }
    return id;
  })();
  return known;
}

/** Returns whether a tab with that id is open in this browser. */
export async function isTabOpen(id: string): Promise<boolean> {
  const { held } = (await navigator.locks?.query()) ?? {};
  return held?.some((lock) => lock.name === lockName(id)) ?? false;
}

function readStored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Acquires the tab's lock until the page unloads; false when another page holds it. */
function acquireLock(id: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(lockName(id), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    });
  });
}
