/** The walk that follows each deployment, through the bundles that would be deployed, with the permissions that they would have. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { smoke } from "../../scripts/smoke.mjs";
import { Deployed, SECRET } from "./lambda/deployed";
import { StageRouter } from "./lambda/router";

let stage: Deployed;
let router: StageRouter;
let isOver = false;
let delivering: Promise<void>;

beforeAll(async () => {
  stage = await Deployed.deploy("smoke");
  router = await StageRouter.open(stage);
  delivering = deliver();
});

afterAll(async () => {
  isOver = true;
  await delivering;
  router?.close();
  await stage?.close();
});

/** Gives the table's stream and the queue to their functions, as event source mappings do, until all is over. */
async function deliver(): Promise<void> {
  for (let announced = 0; !isOver; ) {
    const records = await stage.announcements();
    if (records.length > announced) {
      await (await stage.function("TableChanges")).invoke({ Records: records.slice(announced) });
      announced = records.length;
    }
    for (const job of await stage.queued()) await (await stage.function("ReviewJobs")).invoke({ Records: [job] });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it("the smoke test passes", async () => {
  const steps: string[] = [];
  await smoke(router.url, { secret: SECRET, report: (step) => steps.push(step) });
  expect(steps).toEqual([
    "sign-in requires the secret",
    expect.stringContaining("is healthy"),
    "session created",
    expect.stringMatching(/^review done with \d+ findings$/),
    expect.stringMatching(/^reply by /),
    "fix saved as version 2",
    "session moved to the trash",
  ]);
});

it("the smoke test stops at the first failing step, and names its request", async () => {
  await expect(smoke(router.url, { secret: "wrong" })).rejects.toThrow(/^sign in: 401 instead of 302.*\(request req_/s);
});
