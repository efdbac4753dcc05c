import * as v from "valibot";

const port = (value: string) => /^\d+$/.test(value) && Number(value) <= 65_535;

/** Each entry's message is the whole sentence a person reads when that variable is wrong. */
const schema = v.object({
  PORT: v.optional(v.pipe(v.string(), v.check(port, "PORT must be a number from 0 to 65535, such as 3000.")), "3000"),
  REDLINE_DATA: v.optional(
    v.pipe(v.string(), v.minLength(1, "REDLINE_DATA must name a folder, such as .data.")),
    ".data",
  ),
  REDLINE_DURABLE: v.optional(v.picklist(["on", "off"], "REDLINE_DURABLE must be on or off."), "off"),
  REDLINE_LOCAL: v.optional(v.picklist(["0", "1"], "REDLINE_LOCAL must be 1 (set by the launcher) or 0."), "0"),
  REDLINE_STAGE: v.optional(v.string(), "local"),
  REDLINE_LOG: v.optional(
    v.picklist(["debug", "info", "warn", "error", "silent"], "REDLINE_LOG must be debug, info, warn, error or silent."),
    "info",
  ),
  REDLINE_AUTH: v.optional(v.picklist(["on", "off"], "REDLINE_AUTH must be on or off."), "off"),
  REDLINE_SIGN_UP: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(open|invited|domain:[a-z0-9-]+(\.[a-z0-9-]+)+)$/,
        "REDLINE_SIGN_UP must be open, invited or domain: and a domain, such as domain:example.com.",
      ),
    ),
    "invited",
  ),
});

export type Env = v.InferOutput<typeof schema>;

type Source = Record<string, string | undefined>;

/** Returns a setting of this process; its default when it is absent or invalid, which `parseEnv` reports at start. */
export function setting<Name extends keyof Env>(name: Name): Env[Name] {
  const entry = schema.entries[name];
  const parsed = v.safeParse(entry, process.env[name] || undefined);
  return (parsed.success ? parsed.output : v.getDefault(entry)) as Env[Name];
}

/** On AWS, and not on the laptop, which runs the same code. */
export const isInLambda = (): boolean => process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;

/**
 * Parses the environment; every mistake is one clear sentence, all of them in the thrown message, a line each. `more` are
 * the checks of domains that are configured by it.
 */
export function parseEnv(source: Source, ...more: ((source: Source) => string[])[]): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = v.safeParse(schema, present);
  const problems = [...(result.issues ?? []).map((issue) => issue.message), ...more.flatMap((check) => check(present))];
  if (!result.success || problems.length > 0) throw new Error(problems.join("\n"));
  return result.output;
}
