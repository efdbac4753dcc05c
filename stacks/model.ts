/// <reference path="../.sst/platform/config.d.ts" />
import { readFileSync } from "node:fs";

/**
 * Which model a stage uses: `REDLINE_MODEL`, or the routing table that is in `REDLINE_MODELS` or in the file that it names, of
 * whoever deploys. Only functions that call a model get this: the configuration, and leave to call just these models.
 */
export function modelAccess() {
  const { REDLINE_MODELS } = process.env;
  const REDLINE_MODEL = process.env.REDLINE_MODEL || "builtin";
  const table = REDLINE_MODELS && JSON.stringify(JSON.parse(tableIn(REDLINE_MODELS)));
  const resources = bedrockModels(table ?? JSON.stringify(REDLINE_MODEL)).flatMap(modelArns);
  return {
    environment: { REDLINE_MODEL, ...(table && { REDLINE_MODELS: table }) } as Record<string, string>,
    permissions:
      resources.length > 0
        ? [{ actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], resources }]
        : [],
  };
}

/** Where only values can be set, as at GitHub, the table is the value itself. */
const tableIn = (value: string) => (value.trimStart().startsWith("{") ? value : readFileSync(value, "utf8"));

/** The ids after `bedrock:` wherever they stand in the configuration. */
export function bedrockModels(configuration: string): string[] {
  return [...new Set([...configuration.matchAll(/"bedrock:([^"]+)"/g)].map((match) => match[1] as string))];
}

/** A model by its id; an inference profile (`us.…`, `global.…`) needs leave for the models behind it as well. */
function modelArns(id: string) {
  if (id.startsWith("arn:")) return [id];
  const profile = /^(?:us|us-gov|eu|apac|jp|au|ca|global)\.(.+)$/.exec(id);
  if (!profile) return [$interpolate`arn:aws:bedrock:${region()}::foundation-model/${id}`];
  return [
    $interpolate`arn:aws:bedrock:${region()}:${aws.getCallerIdentityOutput().accountId}:inference-profile/${id}`,
    `arn:aws:bedrock:*::foundation-model/${profile[1]}`,
  ];
}

const region = () => aws.getRegionOutput().region;
