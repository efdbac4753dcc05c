/**
 * Receives environment variables that only become known while this process loads its code, such as other processes'
 * addresses. Resolves at once when the launcher announced none.
 */
export function receiveEnvOverIpc(): Promise<void> {
  if (process.env.REDLINE_LATE_ENV !== "1") return Promise.resolve();
  return new Promise((resolve) => {
    process.once("message", (message: { env: Record<string, string> }) => {
      Object.assign(process.env, message.env);
      resolve();
    });
  });
}
