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
    const { buildOnce } = await import("./stacks/build");
    const { requireChoices } = await import("./stacks/choices");
    const { dashboard } = await import("./stacks/dashboard");
    const { data } = await import("./stacks/data");
    const { notify } = await import("./stacks/notify");
    const { queues } = await import("./stacks/queues");
    const { release, releaseWorkers } = await import("./stacks/release");
    const { web } = await import("./stacks/web");
    const { workers } = await import("./stacks/workers");
    requireChoices($app.stage);
    buildOnce();
    const stored = data();
    const jobs = queues();
    const releases = release();
    const work = workers(stored, jobs, releases);
    const served = web(stored, jobs, work);
    const told = notify(stored);
    const functions = [...served.watched, told.watched];
    releaseWorkers(releases, work, alarms(stored, jobs, functions, told.topic));
    const page = dashboard(stored, jobs, functions);
    return {
      url: served.router.url,
      table: stored.table.name,
      blobs: stored.blobs.name,
      alarms: told.topic.arn,
      dashboard: page.dashboardName,
    };
  },
});
