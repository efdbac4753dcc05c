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
    const { data } = await import("./stacks/data");
    const { reviews } = await import("./stacks/reviews");
    const stored = data();
    const { queue, check } = reviews(stored);
    return { table: stored.table.name, blobs: stored.blobs.name, reviewQueue: queue.url, check: check.name };
  },
});
