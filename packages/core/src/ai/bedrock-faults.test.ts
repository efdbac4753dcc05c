import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ModelServer, startModelServer } from "../../../../tests/support/model-server/index";
import { ask } from "./ai.test-support";

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.stop());
beforeEach(() => {
  model.reset();
  Object.assign(process.env, model.env("bedrock"));
  vi.spyOn(Math, "random").mockReturnValue(0.01);
});

const failed = (code: string, words: RegExp) => ({
  type: "failed",
  error: expect.objectContaining({ code, message: expect.stringMatching(words) }),
});

describe("an exception inside Bedrock's stream, after the first words", () => {
  it.each([
    ["modelStreamErrorException", "MODEL_UNAVAILABLE", /fault of its own: "Scripted/],
    ["throttlingException", "MODEL_UNAVAILABLE", /is throttling us: "Scripted/],
    ["validationException", "MODEL_UNAVAILABLE", /refused the request: "Scripted/],
    ["internalServerException", "MODEL_UNAVAILABLE", /fault of its own: "Scripted/],
    ["serviceUnavailableException", "MODEL_UNAVAILABLE", /fault of its own: "Scripted/],
    ["modelTimeoutException", "AI_TIMEOUT", /took too long: "Scripted modelTimeoutException\."/],
    ["someNewException", "MODEL_UNAVAILABLE", /SomeNewException, Scripted someNewException/],
  ] as const)("%s is %s, with the text kept and no other call made", async (type, code, words) => {
    model.answer({ text: "Half of it", fault: { kind: "exception", type } });
    const { text, last, ends } = await ask();
    expect(text.length).toBeGreaterThan(0);
    expect(last).toEqual(failed(code, words));
    expect(last?.type === "failed" && last.error.message).toContain("The text so far is kept.");
    expect(model.requests).toHaveLength(1);
    expect(ends).toMatchObject([{ status: "failed", tracker: { usage: { estimated: true } } }]);
  });
});

describe("an error response of Bedrock", () => {
  it.each([
    ["AccessDeniedException", 403, "no access", "MODEL_UNAVAILABLE", /Enable the model .* allow bedrock:Invoke/],
    ["ResourceNotFoundException", 404, "", "MODEL_UNAVAILABLE", /knows no model test-model .*AWS_REGION/],
    ["ValidationException", 400, "Input is too long.", "TOKEN_LIMIT_EXCEEDED", /Select a smaller block/],
    ["ValidationException", 400, "on-demand throughput isn’t supported", "MODEL_UNAVAILABLE", /inference profile/],
    ["ValidationException", 400, "The model is wrong.", "MODEL_UNAVAILABLE", /Check the model in REDLINE_MODEL/],
    ["ExpiredTokenException", 403, "expired", "MODEL_UNAVAILABLE", /does not accept these.*aws sso login/],
    ["UnrecognizedClientException", 403, "invalid", "MODEL_UNAVAILABLE", /does not accept these credentials/],
    ["ModelErrorException", 424, "oops", "MODEL_UNAVAILABLE", /fault of its own: "oops"/],
    ["ModelTimeoutException", 408, "slow", "AI_TIMEOUT", /took too long: "slow"/],
    ["ModelNotReadyException", 429, "warming up", "MODEL_UNAVAILABLE", /throttling us: "warming up"/],
  ] as const)("%s (%i, %j) names the next step", async (type, status, message, code, words) => {
    model.script(() => ({ fault: { kind: "http", status, type, message } }));
    expect((await ask()).last).toEqual(failed(code, words));
  });

  it("from an unreachable host is reported as such", async () => {
    process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME = "http://127.0.0.1:9";
    const { last, ends } = await ask();
    expect(last).toEqual(failed("MODEL_UNAVAILABLE", /^Bedrock can't be reached.*Check the network, AWS_REGION/));
    expect(ends[0]?.tracker.usage.inputTokens).toBe(0);
  });
});

describe("Bedrock without what it needs", () => {
  const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "", AWS_EC2_METADATA_DISABLED: "true" };
  const noFiles = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };

  it("reports missing credentials, and how to configure them", async () => {
    Object.assign(process.env, none, noFiles);
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /^There are no AWS credentials .*aws sso login/));
    expect(model.requests).toEqual([]);
  });

  it("reports a missing region", async () => {
    Object.assign(process.env, noFiles);
    for (const unset of [() => delete process.env.AWS_REGION, () => Object.assign(process.env, { AWS_REGION: "" })]) {
      unset();
      expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /^No AWS region is set.*Set AWS_REGION/));
    }
    expect(model.requests).toEqual([]);
  });
});

describe("a conversation as Bedrock wants it", () => {
  it("begins with the user, alternates, and has no blank text", async () => {
    await ask({
      messages: [
        { role: "assistant", text: "Earlier words." },
        { role: "user", text: "One." },
        { role: "user", text: "  " },
        { role: "user", text: "Two." },
      ],
    });
    expect(model.calls[0]?.body.messages).toEqual([
      { role: "user", content: [{ text: "(The beginning is left out.)" }] },
      { role: "assistant", content: [{ text: "Earlier words." }] },
      { role: "user", content: [{ text: "One." }, { text: "Two." }] },
    ]);
  });
});
