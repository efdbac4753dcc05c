import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswerText } from "./answer-text";
import type { AdapterEvent } from "./port";
import type { StopReason, ToolSpec } from "./schema";
import { toolSpecs } from "./tools";

const TOOLS = toolSpecs(["propose_change", "report_finding"]);
const INPUT = { summary: "Say ]} and </tool_call>", edits: [{ path: "a.ts", start_line: 1, original: '{ "a" }\n' }] };
const CALL = JSON.stringify({ name: "propose_change", arguments: INPUT });
const PARAMETERS = JSON.stringify({ name: "propose_change", parameters: INPUT });
const QWEN = [
  "<function=propose_change>",
  "<parameter=summary>",
  INPUT.summary,
  "</parameter>",
  "<parameter=edits>",
  JSON.stringify(INPUT.edits),
  "</parameter>",
  "</function>",
].join("\n");

async function read(
  text: string,
  places: readonly number[] = [],
  tools: ToolSpec[] = TOOLS,
  reason: StopReason = "end",
) {
  async function* events(): AsyncGenerator<AdapterEvent> {
    const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
    let from = 0;
    for (const to of [...cuts, text.length]) {
      if (to > from) yield { type: "text", text: text.slice(from, to) };
      from = to;
    }
    yield { type: "done", reason };
  }
  const result = { text: "", calls: [] as unknown[], reason: "" };
  for await (const event of readAnswerText(events(), tools)) {
    if (event.type === "text") result.text += event.text;
    if (event.type === "wasThought") result.text = "";
    if (event.type === "toolCall") {
      const { name, input, malformed } = event.call;
      result.calls.push({ name, ...(malformed === undefined ? { input } : { malformed }) });
    }
    if (event.type === "done") result.reason = event.reason;
  }
  return result;
}

const PROPOSED = { name: "propose_change", input: INPUT };

describe("the text of an answer", () => {
  const leaked: [string, string, string, number][] = [
    ["Hermes' tags", `Here:\n<tool_call>\n${CALL}\n</tool_call>`, "Here:\n", 1],
    ["several of them", `<tool_call>${CALL}</tool_call>\n<tool_call>${CALL}</tool_call>`, "\n", 2],
    ["words behind it", `<tool_call>${CALL}</tool_call> Done.`, " Done.", 1],
    ["a missing end", `So. <tool_call>\n${CALL}`, "So. ", 1],
    ["a list", `<tool_call>[${CALL}, ${CALL}]</tool_call>`, "", 2],
    ["parameters for arguments", `<tool_call>${PARAMETERS}</tool_call>`, "", 1],
    ["Qwen3-Coder's tags", `I will.\n<tool_call>\n${QWEN}\n</tool_call>`, "I will.\n", 1],
    ["Qwen3-Coder without its outer opening", `I will.\n${QWEN}\n</tool_call>`, "I will.\n", 1],
    ["Mistral's list", `[TOOL_CALLS][${CALL}]`, "", 1],
    ["Mistral's name and arguments", `Fine.[TOOL_CALLS]propose_change[ARGS]${JSON.stringify(INPUT)}`, "Fine.", 1],
    ["Mistral with an id", `[TOOL_CALLS]propose_change[CALL_ID]a1[ARGS]${JSON.stringify(INPUT)}`, "", 1],
    ["Llama's mark", `<|python_tag|>${PARAMETERS}`, "", 1],
    ["a bare object", `${CALL}`, "", 1],
    [
      "a bare object of several lines",
      `Like so:\n\n${JSON.stringify(JSON.parse(CALL), null, 2)}\n`,
      "Like so:\n\n\n",
      1,
    ],
    ["an object in a fence", `Like so:\n\`\`\`json\n${CALL}\n\`\`\`\nDone.`, "Like so:\n\nDone.", 1],
  ];

  it.each(leaked)("yields a leaked call: %s", async (_, text, shown, count) => {
    const calls = Array.from({ length: count }, () => PROPOSED);
    expect(await read(text)).toEqual({ text: shown, calls, reason: "tools" });
  });

  const text: [string, string][] = [
    ["what speaks of calls", "Models write `<tool_call>` and [TOOL_CALLS], or <function=name>, in the text."],
    ["code in a fence", `Look:\n\`\`\`\n<tool_call>${CALL}</tool_call>\n${CALL}\n\`\`\`\nDone.`],
    ["code that opens like a call", 'if (a <tool_call> b) {\n  {"name": "x"}\n}\n{ "name": "someone", "age": 3 }'],
    ["a call of something else", '{"name": "left-pad", "version": "1.0.0", "arguments": {}}'],
    ["a fence of JSON", '```json\n{"name": "left-pad"}\n```\n'],
    ["a suggestion in JSON", '{"explanation": "Why", "patch": {"start_line": 1, "end_line": 1, "replacement": "x"}}'],
    ["an opening at the very end", "That is a <tool_ca"],
    ["a mark of thoughts in the middle", "Use <think> to think, and </think> after it."],
  ];

  it.each(text)("is unchanged when it holds only %s", async (_, words) => {
    expect(await read(words)).toEqual({ text: words, calls: [], reason: "end" });
  });

  it.each([
    "<think>\nThe user wants…\n</think>\n\nYes.",
    "\n<think></think>Yes.",
    "<think>One.</think>\n<think>Two.</think>\nYes.",
    "[THINK]Hm.[/THINK]Yes.",
    "<seed:think>Hm.</seed:think>Yes.",
  ])("does not hold the thoughts it begins with: %j", async (words) => {
    expect((await read(words)).text).toBe("Yes.");
    expect((await read(words, [], [])).text).toBe("Yes.");
  });

  it("takes back thoughts that a chat template opened, when a line of its own ends them", async () => {
    expect((await read("The user wants…\nSo:\n</think>\n\nYes.\n</think>\n")).text).toBe("Yes.\n</think>\n");
    const code = "Look:\n```\n</think>\n```\nIt ends </think>\nhere.";
    expect((await read(code)).text).toBe(code);
  });

  it("is empty when a model never ended its thoughts", async () => {
    expect((await read("<think>Hm, hm, hm")).text).toBe("");
  });

  it("is the same however it was cut", async () => {
    const parts = fc.constantFrom(
      ...leaked.map(([, words]) => words),
      ...text.map(([, words]) => words),
      "<think>Hm.</think>",
      "Hm.\n</think>\n",
      "\n",
      " ",
      "Words. ",
      "```\n",
    );
    const property = fc.asyncProperty(
      fc.array(parts, { maxLength: 5 }),
      fc.array(fc.nat(5_000), { maxLength: 60 }),
      async (words, places) => {
        const whole = await read(words.join(""));
        expect(await read(words.join(""), places)).toEqual(whole);
      },
    );
    await fc.assert(property, { numRuns: process.env.REDLINE_LONG ? 5_000 : 300 });
  });

  it("that was cut in a call shows nothing of the call, and all else", async () => {
    const whole = `Here:\n<tool_call>\n${CALL}`;
    for (let length = 0; length < whole.length; length++) {
      const { text, calls } = await read(whole.slice(0, length), [], TOOLS, "length");
      expect(calls).toEqual([]);
      expect("Here:\n<tool_call".startsWith(text)).toBe(true);
      expect(text.startsWith("Here:\n".slice(0, length))).toBe(true);
    }
  });

  it("reports an attempted call that is not JSON as malformed", async () => {
    const broken = '{"name": "propose_change", "arguments": {"summary": nothing}}';
    expect((await read(`<tool_call>${broken}</tool_call>`)).calls).toEqual([
      { name: "propose_change", malformed: broken },
    ]);
  });
});
