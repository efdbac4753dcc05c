import type { EngineInfo } from "../engine";
import { redline } from "../vendors";

/** Reads the JSON that Biome does not: JSON5, and one value a line. */
export const jsonDialectsInfo = {
  id: "json-dialects",
  vendor: redline,
  languages: ["json5", "jsonl"],
  rules: [],
  input: "source",
} as const satisfies EngineInfo;
