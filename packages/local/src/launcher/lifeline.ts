/**
 * Ends this process at once when the launcher's channel closes, which it does however the launcher ends, kill -9
 * included. Nothing is tidied up: what was acknowledged is in the store.
 */
export function endWithLauncher(): void {
  if (process.channel) process.once("disconnect", () => process.exit());
}
