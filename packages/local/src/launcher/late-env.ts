/**
 * Settings that only become known while this process loads its code: other processes' addresses. Resolves at once when
 * nobody said that there would be any.
 */
export function receiveLateEnv(): Promise<void> {
  if (process.env.REDLINE_LATE_ENV !== "1") return Promise.resolve();
  return new Promise((resolve) => {
    process.once("message", (message: { env: Record<string, string> }) => {
      Object.assign(process.env, message.env);
      resolve();
    });
  });
}
