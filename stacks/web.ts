/// <reference path="../.sst/platform/config.d.ts" />
import { edgeKey } from "@redline/core/platform/edge";
import type { Data } from "./data";
import { edgeFunctionCode } from "./edge";
import { webFirewall } from "./firewall";
import { functionConfig, type MonitoredFunction, monitoredFunction } from "./functions";
import { modelAccess } from "./model";
import { functionPermissions } from "./permissions";
import { POLICY, traceSampleRate } from "./policy";
import { allQueues, type Queues } from "./queues";
import { configValue } from "./required-config";
import type { Workers } from "./workers";

/** Creates the public side: the router with its firewall, the site, and a separate function for event streams. */
export function web(stored: Data, jobs: Queues, { checkLink, monitored: workers }: Workers) {
  const { tableLink, blobsLink, signingKey, signingKeys, modelKey } = stored;
  const permissions = functionPermissions(stored, jobs);
  const operatorSecret = new sst.Secret("OperatorSecret");
  const injection = signingKey.value.apply((key) =>
    edgeFunctionCode({ key: edgeKey(key), traceSampleRate: traceSampleRate($app.stage) }),
  );
  const router = new sst.aws.Router("Edge", {
    waf: true,
    // Needs a hosted zone in the same account's Route 53; disables the CloudFront address.
    domain: configValue("REDLINE_DOMAIN"),
    edge: { viewerRequest: { injection } },
    transform: { waf: webFirewall },
  });
  const model = modelAccess();
  const links = [tableLink, blobsLink, checkLink, ...signingKeys, operatorSecret, modelKey];

  const logsConfig = functionConfig(POLICY.functions.logs);
  const logs = new sst.aws.Function("Logs", {
    ...logsConfig,
    bundle: "build/lambda/site",
    handler: "index.streams",
    dev: false,
    streaming: true,
    url: { router: { instance: router, path: "/logs" }, cors: false },
    link: links,
    permissions: [...logsConfig.permissions, ...permissions.logs, ...model.permissions],
    environment: { ...logsConfig.environment, ...model.environment },
  });

  const siteConfig = functionConfig(POLICY.functions.site);
  const others = [...workers, monitoredFunction("Logs", logs, POLICY.functions.logs.timeoutSeconds)];
  const site = new sst.aws.Remix("Site", {
    router: { instance: router },
    // `buildIfNeeded` has built it, together with the engines.
    buildCommand: "true",
    dev: { command: "npm run dev:aws", url: "http://localhost:3000" },
    link: [...links, jobs.reviewLink, functionsLink(others), queuesLink(jobs)],
    environment: { ...siteConfig.environment, ...model.environment },
    regions: [...POLICY.regions],
    server: pick(siteConfig),
    transform: {
      server: (args) => {
        // SST's Remix handler lacks our headers, nonces and origin checks; our build has its own handler.
        if (!$dev) {
          args.bundle = "build/lambda/site";
          args.handler = "index.handler";
          args.nodejs = undefined;
        }
        // Replaces SST's default, which allows invalidating any distribution.
        args.permissions = [...siteConfig.permissions, ...permissions.site, ...model.permissions];
        args.logging = siteConfig.logging;
        args.url = { cors: false };
        args.transform = siteConfig.transform;
      },
    },
  });
  const { server } = site.nodes;
  return {
    ...{ router, site, logs },
    monitored: server ? [monitoredFunction("Site", server, POLICY.functions.site.timeoutSeconds), ...others] : others,
  };
}

/** Links function names by label for the operator page; the site reads its own name from the runtime. */
const functionsLink = (others: MonitoredFunction[]) =>
  new sst.Linkable("Functions", {
    properties: { names: Object.fromEntries(others.map(({ label, name }) => [label, name])) },
  });

const queuesLink = (jobs: Queues) =>
  new sst.Linkable("Queues", {
    properties: {
      queues: Object.fromEntries(
        allQueues(jobs).map(({ name, queue, dead }) => [name, { url: queue.url, deadUrl: dead.url }]),
      ),
    },
  });

const pick = ({ runtime, architecture, timeout, memory }: ReturnType<typeof functionConfig>) => ({
  ...{ runtime, architecture, timeout, memory },
});
