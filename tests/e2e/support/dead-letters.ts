/** A data folder whose queue has dead letters, put there by the product's own code. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const WRITER = fileURLToPath(new URL("./dead-letters-writer.ts", import.meta.url));

/** In a process of its own, because it runs the cloud. The product must not run on the folder. */
export async function buryJobs(dataDir: string): Promise<void> {
  await promisify(execFile)(process.execPath, ["--import", "tsx", WRITER, dataDir]);
}
