import type { EngineInfo } from "../engine";
import { describeRules } from "../rule-docs";
import { redline } from "../vendors";

const script = ["typescript", "tsx", "javascript", "jsx"];

/** Redline's own rules on the syntax trees that it has anyway. */
export const treeRulesInfo = {
  id: "tree-rules",
  vendor: redline,
  languages: [...script, "python"],
  rules: [
    ...describeRules(redline.id, script, [
      {
        id: "forgotten-await",
        severity: "major",
        confidence: "medium",
        title: "An async call that nobody waits for",
        why: "The function is async, so the call returns before its work is done and its errors go nowhere. Write await, or void where that is meant.",
        bad: "async function save(x: number) {\n  await fetch(String(x));\n}\n\nexport async function close() {\n  save(1);\n}\n",
        good: "async function save(x: number) {\n  await fetch(String(x));\n}\n\nexport async function close() {\n  await save(1);\n}\n",
      },
      {
        id: "empty-catch",
        severity: "minor",
        title: "An error caught and dropped",
        why: "Whatever goes wrong here, nobody hears of it. Handle the error, or say in a comment why there is nothing to do.",
        bad: "export function read(load: () => void) {\n  try {\n    load();\n  } catch {}\n}\n",
        good: "export function read(load: () => void) {\n  try {\n    load();\n  } catch {\n    // The next read tries again.\n  }\n}\n",
      },
    ]),
    ...describeRules(
      redline.id,
      ["python"],
      [
        {
          id: "forgotten-coroutine",
          severity: "major",
          title: "A coroutine that never runs",
          why: "Calling an async function only makes a coroutine: without await none of its code runs.",
          bad: "async def save(x):\n    print(x)\n\n\nasync def close():\n    save(1)\n",
          good: "async def save(x):\n    print(x)\n\n\nasync def close():\n    await save(1)\n",
        },
      ],
    ),
  ],
  input: "valid-source",
} as const satisfies EngineInfo;
