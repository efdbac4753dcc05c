/** Findings that were accepted before, as a SARIF log that `--format sarif` printed. */
import { readFile } from "node:fs/promises";
import { FINGERPRINT } from "@redline/core/sarif/schema";
import * as v from "valibot";
import { CommandFailure } from "../failure";

const Log = v.object({
  runs: v.array(
    v.object({
      results: v.optional(v.array(v.object({ partialFingerprints: v.optional(v.record(v.string(), v.string())) })), []),
    }),
  ),
});

/** Returns the identities in a log. Throws CommandFailure for a file that is none. */
export async function readBaseline(path: string): Promise<Set<string>> {
  const hint = "Make one with: redline review --all --format sarif > FILE";
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The baseline can't be read: ${(error as Error).message}`, hint);
  }
  const log = v.safeParse(Log, value);
  if (!log.success) throw new CommandFailure(`${path} is not a SARIF log.`, hint);
  const results = log.output.runs.flatMap((run) => run.results);
  return new Set(results.flatMap(({ partialFingerprints }) => partialFingerprints?.[FINGERPRINT] ?? []));
}
