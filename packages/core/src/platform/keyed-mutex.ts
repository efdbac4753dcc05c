const queues = new Map<string, Promise<unknown>>();

/** Runs one function at a time per key in this process, in order of arrival, so that its own writers never race. */
export function runExclusive<T>(key: string, run: () => Promise<T>): Promise<T> {
  const turn = (queues.get(key) ?? Promise.resolve()).then(run, run);
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  queues.set(key, settled);
  void settled.then(() => {
    if (queues.get(key) === settled) queues.delete(key);
  });
  return turn;
}
