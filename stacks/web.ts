/// <reference path="../.sst/platform/config.d.ts" />
import { edgeKey } from "@redline/core/platform/edge";
import { chosen } from "./choices";
import type { Data } from "./data";
import { edgeCode } from "./edge";
import { webFirewall } from "./firewall";
import { plannedFunction, type Watched, watched } from "./functions";
import { leave } from "./leave";
import { modelAccess } from "./model";
import { POLICY, tracedShare } from "./policy";
import { allQueues, type Queues } from "./queues";
import type { Workers } from "./workers";

export type Web = ReturnType<typeof web>;

/** What browsers reach: one router with its firewall, the site behind it, and the streams on a function of their own. */
export function web(stored: Data, jobs: Queues, { checkLink, watched: working }: Workers) {
  const { tableLink, blobsLink, signingKey, signingKeys, modelKey } = stored;
  const may = leave(stored, jobs);
  const operatorSecret = new sst.Secret("OperatorSecret");
  const injection = signingKey.value.apply((key) => edgeCode({ key: edgeKey(key), traced: tracedShare($app.stage) }));
  const router = new sst.aws.Router("Edge", {
    waf: true,
    // Its zone is one of Route 53's in the same account; CloudFront's own address is closed then.
    domain: chosen("REDLINE_DOMAIN"),
    edge: { viewerRequest: { injection } },
    transform: { waf: webFirewall },
  });
  const model = modelAccess();
  const links = [tableLink, blobsLink, checkLink, ...signingKeys, operatorSecret, modelKey];

  const logsPlan = plannedFunction(POLICY.functions.logs);
  const logs = new sst.aws.Function("Logs", {
    ...logsPlan,
    bundle: "build/lambda/site",
    handler: "index.streams",
    dev: false,
    streaming: true,
    url: { router: { instance: router, path: "/logs" }, cors: false },
    link: links,
    permissions: [...logsPlan.permissions, ...may.logs, ...model.permissions],
    environment: { ...logsPlan.environment, ...model.environment },
  });

  const sitePlan = plannedFunction(POLICY.functions.site);
  const others = [...working, watched("Logs", logs, POLICY.functions.logs.timeoutSeconds)];
  const site = new sst.aws.Remix("Site", {
    router: { instance: router },
    // Built before, together with the engines.
    buildCommand: "true",
    dev: { command: "npm run dev:aws", url: "http://localhost:3000" },
    link: [...links, jobs.reviewLink, functionsLink(others), queuesLink(jobs)],
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
        args.permissions = [...sitePlan.permissions, ...may.site, ...model.permissions];
        args.logging = sitePlan.logging;
        args.url = { cors: false };
        args.transform = sitePlan.transform;
      },
    },
  });
  const { server } = site.nodes;
  return {
    ...{ router, site, logs },
    watched: server ? [watched("Site", server, POLICY.functions.site.timeoutSeconds), ...others] : others,
  };
}

/** What the operator's page asks CloudWatch about, by the labels it shows; the site knows its own name from the runtime. */
const functionsLink = (others: Watched[]) =>
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

const pick = ({ runtime, architecture, timeout, memory }: ReturnType<typeof plannedFunction>) => ({
  ...{ runtime, architecture, timeout, memory },
});
