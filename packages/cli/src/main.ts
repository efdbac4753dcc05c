/** The program `redline`. */
import { runCommand } from "./run";

const { stdin, stdout, stderr, env } = process;
stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has what it wants: `redline review | head`.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await runCommand(process.argv.slice(2), { cwd: process.cwd(), env, stdin, stdout, stderr });
