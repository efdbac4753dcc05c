import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const VARIABLES = ["REDLINE_MODEL_KEY", "OTHER_KEY"];

/** The function as it is in a process that is linked to these secrets. */
async function linkedTo(secrets: Record<string, { value: string }>) {
  vi.resetModules();
  // As SST's own: asking for what is not linked throws.
  const Resource = new Proxy(secrets, {
    get(linked, name: string) {
      if (!(name in linked)) throw new Error(`"${name}" is not linked`);
      return linked[name];
    },
  });
  vi.doMock("sst", () => ({ Resource }));
  return (await import("./model-key")).modelKey;
}

const forget = () => {
  for (const name of VARIABLES) delete process.env[name];
};
beforeEach(forget);
afterEach(() => {
  forget();
  vi.doUnmock("sst");
});

describe("the key of a model's server", () => {
  it("is the environment's before the stage's secret", async () => {
    const modelKey = await linkedTo({ ModelKey: { value: "secret" } });
    expect(modelKey("REDLINE_MODEL_KEY")).toBe("secret");
    process.env.REDLINE_MODEL_KEY = "given";
    expect(modelKey("REDLINE_MODEL_KEY")).toBe("given");
  });

  it("is not sent to a server whose key has another name", async () => {
    const modelKey = await linkedTo({ ModelKey: { value: "secret" } });
    expect(modelKey("OTHER_KEY")).toBeUndefined();
  });

  it("is none where the secret was not set, or is not linked, as on the laptop", async () => {
    expect((await linkedTo({ ModelKey: { value: "none" } }))("REDLINE_MODEL_KEY")).toBeUndefined();
    expect((await linkedTo({}))("REDLINE_MODEL_KEY")).toBeUndefined();
  });
});
