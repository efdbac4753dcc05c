import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readToolCall, type ToolScope, toolSpecs } from "./tools";

const scope: ToolScope = { tools: ["propose_change"], paths: ["src/a.ts"], mayAddFiles: true };
const edit = { path: "src/a.ts", start_line: 1, end_line: 1, original: "a", replacement: "b" };
const change = { summary: "Change it", edits: [edit] };
const finding = {
  path: "src/a.ts",
  start_line: 1,
  end_line: 2,
  severity: "major",
  rule: "off-by-one",
  title: "Wrong",
  explanation: "Because.",
  confidence: "high",
};

const call = (input: unknown, name = "propose_change") => ({ id: "call-1", name, input });
const refusal = (input: unknown, name?: string, within = scope) => {
  const reading = readToolCall(call(input, name), within);
  return reading.ok ? undefined : reading.result;
};

describe("tool definitions", () => {
  it("are JSON Schema objects that name every field", () => {
    const specs = toolSpecs(["propose_change", "report_finding", "finish_review"]);
    expect(specs.map((spec) => spec.name)).toEqual(["propose_change", "report_finding", "finish_review"]);
    for (const { inputSchema } of specs) expect(inputSchema).toMatchObject({ type: "object", properties: {} });
    expect(specs[0]?.inputSchema).toMatchObject({ required: ["summary", "edits"] });
    expect(JSON.stringify(specs[1])).toContain('"enum":["critical","major","minor","nit"]');
  });
});

describe("a model's call", () => {
  it("is parsed when it is valid, with its paths normalized as in the codebase", () => {
    const reading = readToolCall(call({ ...change, edits: [{ ...edit, path: "./src\\a.ts" }] }), scope);
    expect(reading).toEqual({ ok: true, call: { name: "propose_change", input: change } });
    const review: ToolScope = { ...scope, tools: ["report_finding", "finish_review"] };
    expect(readToolCall(call(finding, "report_finding"), review)).toMatchObject({ ok: true });
    expect(readToolCall(call({ summary: "", confidence: "low" }, "finish_review"), review)).toMatchObject({ ok: true });
  });

  it("is answered as a tool error when its JSON is broken", () => {
    const reading = readToolCall({ ...call(undefined), malformed: '{"summary": "x' }, scope);
    expect(reading).toEqual({
      ok: false,
      result: { callId: "call-1", isError: true, text: expect.stringContaining("not valid JSON") },
    });
  });

  it("is parsed when its numbers are strings, as from small models", () => {
    const written = { ...edit, start_line: "1", end_line: "1" };
    expect(readToolCall(call({ ...change, edits: [written] }), scope)).toMatchObject({
      ok: true,
      call: { input: { edits: [edit] } },
    });
  });

  it("is answered with what is wrong with its types, by field", () => {
    expect(refusal({ ...change, edits: [{ ...edit, start_line: "one" }] })?.text).toMatch(
      /edits\.0\.start_line: Invalid type: Expected number but received "one"/,
    );
    expect(refusal({ ...change, edits: [{ path: "src/a.ts", delete: "no" }] })?.text).toMatch(/edits\.0\.delete: /);
    expect(refusal({ edits: [edit] })?.text).toMatch(/summary/);
    expect(refusal({ ...change, edits: [] })?.text).toMatch(/edits/);
    expect(refusal(null)?.isError).toBe(true);
    expect(
      refusal({ ...finding, severity: "huge" }, "report_finding", { ...scope, tools: ["report_finding"] })?.text,
    ).toMatch(/severity/);
  });

  it("is refused for a tool that does not exist or is not of this task", () => {
    expect(refusal(change, "run_shell")?.text).toMatch(/no tool "run_shell"/);
    expect(refusal(finding, "report_finding")?.text).toMatch(/no tool/);
    expect(refusal(change, "constructor")?.text).toMatch(/no tool/);
    expect(refusal(change, undefined, { ...scope, tools: [] })?.text).toMatch(/none/);
  });

  it("is refused for paths outside its scope", () => {
    for (const path of ["/etc/passwd", "../b.ts", "src/../../b.ts", "C:\\x", "a\u0000b", ""]) {
      expect(refusal({ ...change, edits: [{ ...edit, path }] })?.isError).toBe(true);
    }
    const other = { ...change, edits: [{ ...edit, path: "src/b.ts" }] };
    expect(refusal(other)).toBeUndefined();
    expect(refusal(other, undefined, { ...scope, mayAddFiles: false })?.text).toMatch(/no file "src\/b.ts"/);
    const review: ToolScope = { ...scope, tools: ["report_finding"] };
    expect(refusal({ ...finding, path: "src/b.ts" }, "report_finding", review)?.text).toMatch(/no file/);
  });

  it("never throws, whatever it holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (input, name) => {
        const reading = readToolCall(call(input, name), scope);
        return !reading.ok && reading.result.callId === "call-1";
      }),
    );
  });
});
