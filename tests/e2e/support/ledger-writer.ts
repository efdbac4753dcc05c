/** Run by itself with a data folder: writes a ledger of 26 days into it, the same each time but for the days' dates. */
import { localOwner } from "@redline/core/auth/index";
import { saveBudget } from "@redline/core/settings/index";
import { reserveCall, settleCall } from "@redline/core/usage/internal";
import type { CallAbout, CallStatus } from "@redline/core/usage/schema";
import { startCloud } from "@redline/local/cloud";
import { CLOUD_KEY_VARIABLE } from "@redline/local/credentials";
import { cloudKey } from "@redline/local/folder-secrets";
import { resourceEnv, TABLE } from "@redline/local/launcher/resource-env";
import { ensureTable } from "@redline/local/provision";
import { dynamoDbClient } from "../../support/cloud";

const DAYS = 26;
const DAY_MS = 24 * 60 * 60 * 1_000;
const PRICE = { input: 3, output: 15, cachedInput: 0.3 };
const MODELS = ["bedrock:anthropic.claude-test-v1:0", "openai:http://localhost:11434/v1#qwen2.5-coder:14b"] as const;
const TASKS = ["reply", "review", "explain", "fix", "reply", "review", "refactor"] as const;
const ENDS = ["done", "done", "done", "truncated", "done", "cancelled", "done", "failed", "done"] as const;

const [dataDir = ""] = process.argv.slice(2);
const realNow = Date.now;
const startOfToday = new Date(realNow()).setUTCHours(0, 0, 0, 0);
process.env[CLOUD_KEY_VARIABLE] = cloudKey(dataDir);
const cloud = await startCloud({ dataDir });
Object.assign(process.env, resourceEnv(cloud.endpoints, "not used here", cloudKey(dataDir)), { REDLINE_LOG: "silent" });
const client = dynamoDbClient(cloud.endpoints.dynamodb);
await ensureTable(client, TABLE);
const actor = localOwner();

/** Small numbers that look like work and are the same in each run. */
let seed = 7;
const next = (below: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return (seed >>> 12) % below;
};

async function call(at: number, task: (typeof TASKS)[number], end: CallStatus | "open"): Promise<void> {
  Date.now = () => at;
  const model = MODELS[next(4) === 0 ? 1 : 0];
  const about: CallAbout =
    task === "review"
      ? { kind: "review", sessionId: "ses_gone", reviewId: "rev_gone", path: "src/cart.ts" }
      : { kind: "message", sessionId: "ses_gone", threadId: "thr_gone", number: 2 };
  const facts = { teamId: actor.personalTeamId, task, about, promptVersion: `${task}/1`, model };
  const reserved = await reserveCall(actor, { ...facts, tokens: 9_000 });
  if (end === "open" || end === "reserved" || end === "unknown") return;
  const inputTokens = 1_200 + next(6_000);
  await settleCall(reserved, {
    status: end,
    model,
    usage: { inputTokens, outputTokens: 80 + next(900), cachedTokens: next(2) * 800, estimated: model === MODELS[1] },
    price: model === MODELS[0] ? PRICE : undefined,
    firstTokenMs: end === "failed" ? undefined : 300 + next(900),
    totalMs: 1_500 + next(9_000),
  });
}

for (let day = DAYS - 1; day >= 0; day -= 1) {
  const start = startOfToday - day * DAY_MS;
  const isQuiet = day % 7 >= 5;
  const calls = isQuiet ? next(2) : 2 + next(5);
  for (let index = 0; index < calls; index += 1) {
    const task = TASKS[next(TASKS.length)] ?? "reply";
    await call(start + index, task, ENDS[next(ENDS.length)] ?? "done");
  }
}
await call(startOfToday + 100, "reply", "done");
// Begun just now, as the sweeper would give up on an older one.
await call(realNow(), "explain", "open");
Date.now = realNow;
await saveBudget(actor, { dailyTokens: 60_000 });
client.destroy();
await cloud.close();
