type Given = Record<string, string | undefined>;

/** Said on purpose, as of secrets that are not set. */
const NONE = "none";

/** What each deployment of a stage that people use must be told: left out, it would be taken away from them. */
const ASKED = [["REDLINE_DOMAIN"], ["REDLINE_ALARM_EMAIL"], ["REDLINE_MODEL", "REDLINE_MODELS"]];

/** What keeps a stage from being deployed: a sentence for each choice that was not made, or made twice; none when all is well. */
export function missingChoices(stage: string, given: Given): string[] {
  if (stage !== "production" && stage !== "staging") return [];
  return ASKED.flatMap((names) => {
    const made = names.filter((name) => given[name]);
    if (made.length === 1) return [];
    const without = names.includes("REDLINE_MODEL") ? '"builtin" is no model' : `"${NONE}" is to do without`;
    return made.length === 0
      ? `${names.join(" or ")} is not set: ${without}. It belongs into .env.${stage} (docs/operating/deploy.md).`
      : `${names.join(" and ")} are both set, one maybe by .env, which is the laptop's: write the other, empty, into .env.${stage}.`;
  });
}

/** Throws before anything is made. */
export function requireChoices(stage: string, given: Given = process.env): void {
  const missing = missingChoices(stage, given);
  if (missing.length > 0) throw new Error(missing.join("\n"));
}

/** What was chosen, nothing for `none`. */
export function chosen(name: "REDLINE_DOMAIN" | "REDLINE_ALARM_EMAIL", given: Given = process.env): string | undefined {
  const value = given[name];
  return value === NONE ? undefined : value || undefined;
}
