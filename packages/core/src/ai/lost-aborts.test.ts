import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FAULTS, type ModelServer, startModelServer } from "../../../../tests/support/model-server/index";
import { ask, OpenMeter, question } from "./ai.test-support";
import { routesOf } from "./models";
import { generate } from "./router";

/**
 * In Node 20 and 22 memory that is collected can take a signal's hold on its `fetch` along. Here it is collected all the
 * time, so that nothing that holds only weakly survives a call.
 */
const PROTOCOLS = ["bedrock", "openai"] as const;
let collecting: NodeJS.Timeout;
let model: ModelServer;
beforeAll(async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collecting = setInterval(collect, 25);
  model = await startModelServer();
  for (const protocol of PROTOCOLS) {
    // A first call loads modules, which takes time.
    Object.assign(process.env, model.env(protocol));
    await ask();
  }
});
afterAll(async () => {
  clearInterval(collecting);
  await model.stop();
});

/** Long enough for a call to have come to where it stays, and for memory to have been collected after that. */
const untilCalled = async () => {
  await expect.poll(() => model.requests.length, { interval: 20 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
};

describe.each(PROTOCOLS)("a call through %s whose signals were collected", (protocol) => {
  beforeEach(() => {
    model.reset();
    Object.assign(process.env, model.env(protocol));
  });
  // Whatever ended the call, the server must see its connection close, or it keeps generating.
  afterEach(() => expect.poll(() => model.abandoned.length).toBe(1));

  it.each([
    ["before its headers", FAULTS.silent],
    ["after its headers", FAULTS.silentAfterHeaders],
    ["after some text", FAULTS.silentAfterText],
  ])("times out when its server falls silent %s", async (_, answer) => {
    Object.assign(process.env, model.env(protocol, { silentSeconds: 0.6 }));
    model.answer(answer);
    const { last } = await ask();
    expect(last).toMatchObject({ type: "failed", error: { code: "AI_TIMEOUT" } });
  });

  it.each([
    ["before its headers", FAULTS.silent],
    ["after its headers", FAULTS.silentAfterHeaders],
    ["after some text", FAULTS.silentAfterText],
  ])("is stopped at once when its server is silent %s", async (_, answer) => {
    model.answer(answer);
    const quit = new AbortController();
    const asked = ask({ signal: quit.signal });
    await untilCalled();
    quit.abort();
    const { ends } = await asked;
    expect(ends).toMatchObject([{ status: "cancelled" }]);
  });

  it("is closed when its consumer leaves in the middle", async () => {
    model.answer(FAULTS.silentAfterText);
    const meter = new OpenMeter();
    for await (const event of generate(question(), routesOf("reply"), meter)) {
      if (event.type === "text") break;
    }
    expect(meter.ends).toMatchObject([{ status: "cancelled" }]);
  });
});
