/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const isProduction = input?.stage === "production";
    return {
      name: "redline",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
      providers: { aws: { region: "us-east-1" } },
    };
  },
  async run() {
    const { alarms } = await import("./stacks/alarms");
    const { buildIfNeeded } = await import("./stacks/build");
    const { canaryRelease, releaseWorkers } = await import("./stacks/canary");
    const { dashboard } = await import("./stacks/dashboard");
    const { data } = await import("./stacks/data");
    const { notifications } = await import("./stacks/notify");
    const { queues } = await import("./stacks/queues");
    const { hasDashboard, requireConfig } = await import("./stacks/required-config");
    const { web } = await import("./stacks/web");
    const { workers } = await import("./stacks/workers");
    requireConfig($app.stage);
    buildIfNeeded();
    const storage = data();
    const jobQueues = queues();
    const release = canaryRelease();
    const workerFunctions = workers(storage, jobQueues, release);
    const site = web(storage, jobQueues, workerFunctions);
    const alerting = notifications(storage);
    const functions = [...site.monitored, alerting.monitored];
    releaseWorkers(release, workerFunctions, alarms(storage, jobQueues, functions, alerting.topic));
    const shown = hasDashboard() ? dashboard(storage, jobQueues, functions) : undefined;
    return {
      url: site.router.url,
      table: storage.table.name,
      blobs: storage.blobs.name,
      alarms: alerting.topic.arn,
      ...(shown && { dashboard: shown.dashboardName }),
    };
  },
});
