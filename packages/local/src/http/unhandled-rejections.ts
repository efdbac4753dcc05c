/**
 * The second line of defence of a process that serves many at once: a rejection that nobody handled is logged, without
 * its message, which may quote code, and the process goes on. An exception that nobody caught still ends it, and the
 * launcher starts it again, as nobody knows what was half done; so does either in the cloud, which holds the data
 * (docs/decisions/0018).
 */
export function surviveRejections(name: string): void {
  process.on("unhandledRejection", (reason) => {
    const frames =
      reason instanceof Error ? (reason.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
    const line = {
      ...{ level: "ERROR", message: "rejection unhandled", process: name },
      ...{ error: reason instanceof Error ? reason.name : typeof reason, at: frames[0]?.trim() },
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  });
}
