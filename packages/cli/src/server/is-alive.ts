/** Returns whether a process of this user runs under a number. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    // It has ended, or is another user's process.
    return false;
  }
}
