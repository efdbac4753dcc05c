/// <reference path="../.sst/platform/config.d.ts" />
import { readFileSync } from "node:fs";

/**
 * Returns the environment and the Bedrock permissions of functions that call a model, from the deployer's `REDLINE_MODEL`,
 * or from `REDLINE_MODELS`: a routing table as JSON, or the path of a file with one. Only the configured models are allowed.
 */
export function modelAccess() {
  const { REDLINE_MODELS } = process.env;
  const REDLINE_MODEL = process.env.REDLINE_MODEL || "builtin";
  const routingTable = REDLINE_MODELS && JSON.stringify(JSON.parse(readRoutingTable(REDLINE_MODELS)));
  const resources = findBedrockModelIds(routingTable ?? JSON.stringify(REDLINE_MODEL)).flatMap(modelArns);
  return {
    environment: { REDLINE_MODEL, ...(routingTable && { REDLINE_MODELS: routingTable }) } as Record<string, string>,
    permissions:
      resources.length > 0
        ? [{ actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], resources }]
        : [],
  };
}

/** GitHub variables hold values, not files, so the table itself is accepted too. */
const readRoutingTable = (value: string) => (value.trimStart().startsWith("{") ? value : readFileSync(value, "utf8"));

/** Returns the distinct ids after `bedrock:` anywhere in the JSON configuration. */
function findBedrockModelIds(configuration: string): string[] {
  return [...new Set([...configuration.matchAll(/"bedrock:([^"]+)"/g)].map((match) => match[1] as string))];
}

/** Returns the ARNs that a model id needs; an inference profile (`us.…`, `global.…`) includes the models behind it. */
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
