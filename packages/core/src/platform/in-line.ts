const lines = new Map<string, Promise<unknown>>();

/** Runs one thing at a time for each key of this process, in the order they came, so that its own writers never race. */
export function inLine<T>(key: string, run: () => Promise<T>): Promise<T> {
  const turn = (lines.get(key) ?? Promise.resolve()).then(run, run);
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  lines.set(key, settled);
  void settled.then(() => {
    if (lines.get(key) === settled) lines.delete(key);
  });
  return turn;
}
