import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseEnv } from "../platform/env";
import { modelProblems, parseModels } from "./config";
import { describeModels, modelNames } from "./models";

const folder = mkdtempSync(join(tmpdir(), "redline-models-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string): string {
  const path = join(folder, "models.json");
  writeFileSync(path, content);
  return path;
}
const inTable = (entry: unknown) => ({ REDLINE_MODELS: JSON.stringify({ default: [entry] }) });
const OLLAMA = "openai:http://localhost:11434/v1#qwen2.5-coder:14b";

describe("one model for all", () => {
  it("is none by default, or when it is the built-in reviewer", () => {
    for (const source of [{}, { REDLINE_MODEL: "" }, { REDLINE_MODEL: "builtin" }]) {
      expect(parseModels(source).table).toEqual({ default: [] });
    }
  });

  it("is Bedrock's by its id, or a server's by its URL", () => {
    expect(parseModels({ REDLINE_MODEL: "bedrock:us.amazon.nova-pro-v1:0" }).table.default).toMatchObject([
      { name: "bedrock:us.amazon.nova-pro-v1:0", provider: { kind: "bedrock", modelId: "us.amazon.nova-pro-v1:0" } },
    ]);
    expect(parseModels({ REDLINE_MODEL: "openai:http://localhost:11434/v1/#a/b#c" }).table.default).toMatchObject([
      { provider: { kind: "openai", baseUrl: "http://localhost:11434/v1", model: "a/b#c" }, hasTools: true },
    ]);
  });

  it.each(["gpt", "bedrock:", "openai:nowhere#m", "openai:ftp://host/v1#m", "openai:#m"])(
    "%j is refused with the forms that there are",
    (REDLINE_MODEL) => {
      expect(modelProblems({ REDLINE_MODEL })).toEqual([
        "REDLINE_MODEL must be builtin, bedrock:<model id> or openai:<base url>#<model>.",
      ]);
    },
  );

  it("suggests that # began a comment when the model's name is missing", () => {
    expect(modelProblems({ REDLINE_MODEL: "openai:http://localhost:11434/v1" })).toEqual([
      "REDLINE_MODEL must be builtin, bedrock:<model id> or openai:<base url>#<model>, in quotes where # begins a comment.",
    ]);
  });

  it.each(["openai:http://me:secret@host/v1#m", "openai:http://host/v1?key=secret#m"])(
    "%j is refused, because URLs are shown and keys are not",
    (REDLINE_MODEL) => {
      const [problem] = modelProblems({ REDLINE_MODEL });
      expect(problem).toMatch(/the key goes into REDLINE_MODEL_KEY/);
      expect(problem).not.toContain("secret");
    },
  );
});

describe("a routing table", () => {
  it("is what the documentation shows", () => {
    const docs = readFileSync(new URL("../../../../docs/models.md", import.meta.url), "utf8");
    const example = /```json\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
    const { from, table } = parseModels({ REDLINE_MODEL: "ignored", REDLINE_MODELS: fileOf(example) });
    expect(from).toBe("REDLINE_MODELS");
    expect(table).toMatchObject({
      default: [
        { contextTokens: 300_000, price: { input: 0.8, output: 3.2, cachedInput: 0.2 }, silentMs: 30_000 },
        { name: OLLAMA, contextTokens: 128_000, hasTools: true },
      ],
      review: [{ temperature: 0.2, hasTools: false, silentMs: 120_000, provider: { keyVariable: "EXAMPLE_KEY" } }],
      document: [],
    });
  });

  it.each([
    ["{", /^REDLINE_MODELS names .*models\.json, which is not valid JSON\.$/],
    ["[]", /^REDLINE_MODELS must hold a JSON object: task → list of models\.$/],
    ['{"chat": []}', /^REDLINE_MODELS names "chat", which is no task\. Tasks are review, reply, /],
    [`{"reply": "${OLLAMA}"}`, /^REDLINE_MODELS must give "reply" a list/],
    ['{"reply": ["gpt"]}', /^REDLINE_MODELS, reply\[0\]: it must be builtin, bedrock:<model id> or /],
  ])("%s is one sentence", (content, sentence) => {
    const problems = modelProblems({ REDLINE_MODELS: fileOf(content) });
    expect(problems).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    [{ model: OLLAMA, contextTokens: 10 }, "a model, but its contextTokens must be at least 1,000."],
    [{ model: OLLAMA, contextTokens: "8k" }, "a model, but its contextTokens must be a number."],
    [{ model: OLLAMA, price: { input: -1, output: 0 } }, "a model, but its price.input must not be under 0."],
    [{ model: OLLAMA, price: { input: 1 } }, "a model, but its price.output is missing."],
    [{ model: OLLAMA, price: 3 }, "a model, but its price is no object."],
    [{ model: OLLAMA, silentSeconds: 900 }, "a model, but its silentSeconds must not be over 240."],
    [{ model: OLLAMA, tools: "no" }, "a model, but its tools must be true or false."],
    [{ model: OLLAMA, maxTokens: 5 }, "a model, but maxTokens is no setting of one."],
    [{ contextTokens: 8_000 }, "a model, but its model is missing."],
    [7, "builtin, bedrock:<model id> or openai:<base url>#<model>, or an object with such a model."],
  ])("with the entry %j is refused with the reason", (entry, end) => {
    expect(modelProblems(inTable(entry))).toEqual([`REDLINE_MODELS, default[0]: it must be ${end}`]);
  });

  it("that names a missing file is refused", () => {
    expect(modelProblems({ REDLINE_MODELS: "/nowhere/models.json" })).toEqual([
      "REDLINE_MODELS names /nowhere/models.json, which can't be read. It must be a JSON file.",
    ]);
  });

  it("reports all of its mistakes at once", () => {
    expect(modelProblems({ REDLINE_MODELS: '{"reply": ["x"], "chat": [], "fix": ["y"]}' })).toHaveLength(3);
  });
});

describe("the configuration of this process", () => {
  it("is among what the start checks, each mistake a line", () => {
    const source = { PORT: "eighty", REDLINE_MODEL: "gpt", REDLINE_LOG: "loud" };
    expect(() => parseEnv(source, modelProblems)).toThrow(
      /^PORT must be .*\n.*REDLINE_LOG must be .*\nREDLINE_MODEL must be /,
    );
  });

  it("is shown without keys", () => {
    const model = "openai:http://localhost:1/v1#m";
    const table = { default: [{ model, keyVariable: "KEY_A" }], review: [] };
    Object.assign(process.env, { REDLINE_MODELS: JSON.stringify(table), KEY_A: "top-secret" });
    const described = describeModels();
    expect(JSON.stringify(described)).not.toContain("top-secret");
    expect(described.tasks.find(({ task }) => task === "reply")?.models).toMatchObject([
      { name: model, kind: "openai", endpoint: "http://localhost:1/v1", hasKey: true },
    ]);
    expect([modelNames("reply"), modelNames("review")]).toEqual([[model], []]);
  });

  it("that is invalid leaves no model, with the reason", () => {
    Object.assign(process.env, { REDLINE_MODELS: "{", REDLINE_LOG: "silent" });
    expect(modelNames("reply")).toEqual([]);
    expect(describeModels().problems).toEqual(["REDLINE_MODELS is not valid JSON."]);
  });
});
