/**
 * Exits this process when the IPC channel to the launcher closes, which it does however the launcher ends, kill -9
 * included. There is no cleanup: acknowledged writes are in the store.
 */
export function exitWithParent(): void {
  if (process.channel) process.once("disconnect", () => process.exit());
}
