import { Resource } from "sst";

declare module "sst" {
  interface Resource {
    App: { name: string; stage: string };
    Table: { name: string };
    Blobs: { name: string };
    ReviewQueue: { url: string };
    ReviewDeadQueue: { url: string };
    CheckFunction: { name: string };
    /** All queues of this stage by name (operator page). */
    Queues: { queues: Record<string, { url: string; deadUrl: string }> };
    /** Function names by label (operator page), without the site, which is not linked to itself. */
    Functions: { names: Record<string, string> };
    SigningKey: { value: string };
    /** While keys are being rotated, the one before; `none` at other times, and absent on the laptop. */
    SigningKeyBefore: { value: string };
    /** The key of an OpenAI-compatible server, or `none`; linked to functions that call a model. */
    ModelKey: { value: string };
    /** The webhook for alarms, or `none`; linked to the function that posts them. */
    SlackWebhook: { value: string };
    /** On a deployed stage only. */
    OperatorSecret: { value: string };
  }
}

/** Names and URLs of what the app is linked to: from SST on AWS, from the launcher on the laptop. */
export const resources = Resource;

/** The value of an optional secret that is not set; the stacks give it. */
const NOT_SET = "none";

/** Returns a secret that may be unset, or not linked to this function. */
export function optionalSecret(name: "SigningKeyBefore" | "ModelKey" | "SlackWebhook"): string | undefined {
  try {
    const { value } = resources[name];
    return value === NOT_SET ? undefined : value;
  } catch {
    // SST throws for what is not linked.
    return undefined;
  }
}

/** The key to sign with, then those that are still good for checking: two while they are rotated. */
export function signingKeys(): [string, ...string[]] {
  const before = optionalSecret("SigningKeyBefore");
  return before === undefined ? [resources.SigningKey.value] : [resources.SigningKey.value, before];
}
