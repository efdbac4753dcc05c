/** A data folder whose ledger has model calls of the last weeks, written by the product's own code. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const WRITER = fileURLToPath(new URL("./ledger-writer.ts", import.meta.url));

/** In a process of its own: it turns the clock back. The product must not run on the folder. */
export async function fillLedger(dataDir: string): Promise<void> {
  await promisify(execFile)(process.execPath, ["--import", "tsx", WRITER, dataDir]);
}
