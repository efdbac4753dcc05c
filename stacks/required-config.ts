type EnvVars = Record<string, string | undefined>;

/** Explicit opt-out value, so that a missing variable is never mistaken for a decision. */
const OPT_OUT = "none";

/** One of each group is required on staging and production: a deployment without it would remove the feature. */
const REQUIRED = [["REDLINE_DOMAIN"], ["REDLINE_ALARM_EMAIL"], ["REDLINE_MODEL", "REDLINE_MODELS"]];

/** Returns a sentence for each required variable that is missing or set twice; an empty list when the stage can be deployed. */
export function missingConfig(stage: string, env: EnvVars): string[] {
  if (stage !== "production" && stage !== "staging") return [];
  return REQUIRED.flatMap((names) => {
    const present = names.filter((name) => env[name]);
    if (present.length === 1) return [];
    const optOut = names.includes("REDLINE_MODEL")
      ? 'use "builtin" to run without a model'
      : `use "${OPT_OUT}" to opt out`;
    return present.length === 0
      ? `${names.join(" or ")} is not set: set it in .env.${stage}, or ${optOut} (docs/operating/deploy.md).`
      : `${names.join(" and ")} are both set; one may come from the laptop's .env. Set the other to an empty value in .env.${stage}.`;
  });
}

/** @throws an Error that lists what is missing, before any resource is created */
export function requireConfig(stage: string, env: EnvVars = process.env): void {
  const missing = missingConfig(stage, env);
  if (missing.length > 0) throw new Error(missing.join("\n"));
}

/** Returns the value of an optional feature's variable; undefined when it is unset or opted out of. */
export function configValue(
  name: "REDLINE_DOMAIN" | "REDLINE_ALARM_EMAIL",
  env: EnvVars = process.env,
): string | undefined {
  const value = env[name];
  return value === OPT_OUT ? undefined : value || undefined;
}

/** Returns whether the stage gets a CloudWatch dashboard (ADR 0030). */
export const hasDashboard = (env: EnvVars = process.env): boolean => env.REDLINE_DASHBOARD === "on";
