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
    const { alarms, alarmTopic } = await import("./stacks/alarms");
    const { buildOnce } = await import("./stacks/build");
    const { dashboard } = await import("./stacks/dashboard");
    const { data } = await import("./stacks/data");
    const { queues } = await import("./stacks/queues");
    const { web } = await import("./stacks/web");
    const { workers } = await import("./stacks/workers");
    buildOnce();
    const stored = data();
    const jobs = queues();
    const work = workers(stored, jobs);
    const served = web(stored, jobs, work);
    const functions = served.watched;
    const topic = alarmTopic();
    alarms(stored, jobs, functions, topic);
    const page = dashboard(stored, jobs, functions);
    return {
      url: served.router.url,
      table: stored.table.name,
      blobs: stored.blobs.name,
      alarms: topic.arn,
      dashboard: page.dashboardName,
    };
  },
});
