import { optionalSecret } from "../platform/resources";

/** The key of a model's server: the environment variable named for it or, for the usual one, the stage's secret. */
export const modelKey = (variable: string): string | undefined =>
  process.env[variable] || (variable === "REDLINE_MODEL_KEY" ? optionalSecret("ModelKey") : undefined);
