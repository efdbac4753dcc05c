/// <reference path="../.sst/platform/config.d.ts" />
import { edgeKey } from "@redline/core/platform/edge";
import type { Data } from "./data";
import { webFirewall } from "./firewall";
import { plannedFunction } from "./functions";
import { modelAccess } from "./model";
import { POLICY } from "./policy";
import type { Queues } from "./queues";
import type { Workers } from "./workers";

export type Web = ReturnType<typeof web>;

/** What browsers reach: one router with its firewall, the site behind it, and the streams on a function of their own. */
export function web({ signingKey, modelKey }: Data, { reviewDeadLink, mayRedrive }: Queues, { links }: Workers) {
  const operatorSecret = new sst.Secret("OperatorSecret");
  const router = new sst.aws.Router("Edge", {
    waf: true,
    edge: { viewerRequest: { injection: edgeInjection(signingKey.value) } },
    transform: { waf: webFirewall },
  });
  const model = modelAccess();

  const sitePlan = plannedFunction(POLICY.functions.site);
  const site = new sst.aws.Remix("Site", {
    router: { instance: router },
    // Built before, together with the engines.
    buildCommand: "true",
    link: [...links, reviewDeadLink, operatorSecret, modelKey],
    environment: { ...sitePlan.environment, ...model.environment },
    regions: [...POLICY.regions],
    server: pick(sitePlan),
    transform: {
      server: (args) => {
        // Remix's own handler would leave out our headers, nonces and origin checks: the build brings one that has them.
        if (!$dev) {
          args.bundle = "build/lambda/site";
          args.handler = "index.handler";
          args.nodejs = undefined;
        }
        // SST lets every site server invalidate any distribution; ours has no need to.
        args.permissions = [...sitePlan.permissions, ...model.permissions, mayRedrive];
        args.logging = sitePlan.logging;
        args.url = { cors: false };
        args.transform = sitePlan.transform;
      },
    },
  });

  const logsPlan = plannedFunction(POLICY.functions.logs);
  const logs = new sst.aws.Function("Logs", {
    ...logsPlan,
    bundle: "build/lambda/site",
    handler: "index.streams",
    dev: false,
    streaming: true,
    url: { router: { instance: router, path: "/logs" }, cors: false },
    link: [...links, operatorSecret, modelKey],
    permissions: [...logsPlan.permissions, ...model.permissions],
    environment: { ...logsPlan.environment, ...model.environment },
  });
  return { router, site, logs };
}

const pick = ({ runtime, architecture, timeout, memory }: ReturnType<typeof plannedFunction>) => ({
  ...{ runtime, architecture, timeout, memory },
});

/**
 * Runs at the edge before anything else: says who the viewer is, which no client can set, and adds what only our router
 * knows, so that the function URLs refuse whoever calls them directly.
 */
const edgeInjection = (signingKey: $util.Output<string>) => $interpolate`
event.request.headers["x-redline-viewer"] = { value: event.viewer.ip };
event.request.headers["x-redline-edge"] = { value: "${signingKey.apply(edgeKey)}" };`;
