/** The hints of a first visit, each shown in its place until what it tells of was used once in this browser. */

/** `submit`: the key that sends pasted code. `decide`: the keys of a finding. `select`: selecting lines. */
export type HintId = "submit" | "decide" | "select";

const STORAGE_KEY = "redline.hints-used";

let used: ReadonlySet<string> | undefined;
const listeners = new Set<() => void>();

function readUsed(): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.map(String) : []);
  } catch {
    // Storage may be off or hold something else; then nothing was used.
    return new Set();
  }
}

export function isHintUsed(id: HintId): boolean {
  used ??= readUsed();
  return used.has(id);
}

/** Notes that what a hint tells of was used: the hint goes, on all pages and in later visits. */
export function markHintUsed(id: HintId): void {
  if (isHintUsed(id)) return;
  used = new Set([...(used ?? []), id]);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...used]));
  } catch {
    // It is gone for this visit only.
  }
  for (const listener of listeners) listener();
}

/** Calls back when a hint was used. Returns how to stop. */
export function watchHints(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
