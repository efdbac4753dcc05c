import type { ChangedFile, DifferenceSource } from "@redline/core/differences/schema";
import { AppError } from "@redline/core/errors";
import { readJsonObject } from "../http/body.server";

/** A difference as a program sends it; core parses what is in it. */
export type SentDifference = {
  key?: string;
  name?: string;
  source?: DifferenceSource;
  label?: string;
  files?: ChangedFile[];
  patch?: string;
  base?: { path: string; text: string }[];
  /** Of a next head: the version that its program knew last. */
  after?: number;
};

/**
 * Reads a JSON object, or lines of JSON (`application/x-ndjson`): the first is the object without its files, and each later one
 * a file. Throws INVALID_INPUT.
 */
export async function readDifferenceRequest(request: Request): Promise<SentDifference> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-ndjson") return readJsonObject(request);
  const lines = (await request.text()).split("\n").filter((line) => line.trim() !== "");
  const [head, ...files] = lines.map(parseLine);
  return { ...head, files: files as ChangedFile[] };
}

function parseLine(line: string, at: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new AppError("INVALID_INPUT", `Line ${at + 1} of the request is not a JSON object. Nothing was changed.`);
}

/** Returns the two sides that were sent: files, or else a patch. */
export const contentOf = ({ files, patch, base }: SentDifference) =>
  patch === undefined ? { kind: "files" as const, files: files ?? [] } : { kind: "patch" as const, patch, base };
