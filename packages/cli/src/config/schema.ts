/** `redline.json`, at the root of the work tree. `redline.schema.json` is made of this schema. */
import { severities } from "@redline/core/reviewers/schema";
import * as v from "valibot";

const Rules = v.record(v.string(), v.picklist(["off", ...severities]));
const Globs = v.array(v.pipe(v.string(), v.minLength(1)));

export const ConfigSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description("The address of this schema, for editors."))),
  baseBranch: v.optional(
    v.pipe(v.string(), v.minLength(1), v.description("The branch that --branch compares with, such as main.")),
  ),
  failOn: v.optional(
    v.pipe(v.picklist(severities), v.description("The least severity of a new finding that fails the review.")),
  ),
  ignore: v.optional(
    v.pipe(Globs, v.description("Globs of files that are not reviewed, relative to this file: **/generated/**.")),
  ),
  rules: v.optional(
    v.pipe(
      Rules,
      v.description("Rules by id or glob (ruff/*), each off or with another severity. The last match wins."),
    ),
  ),
  overrides: v.optional(
    v.pipe(
      v.array(v.strictObject({ files: Globs, rules: Rules })),
      v.description("Other settings of rules for some files. Later entries take precedence over earlier ones."),
    ),
  ),
});

export type ConfigFile = v.InferOutput<typeof ConfigSchema>;
