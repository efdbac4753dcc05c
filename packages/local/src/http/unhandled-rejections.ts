/**
 * The second line of defence of a process that serves many at once: an unhandled rejection is logged, without
 * its message, which may quote code, and the process goes on. An uncaught exception still ends it, and the
 * launcher restarts it, as its state is unknown; either ends the local cloud's process, which holds the data
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
