/**
 * `npm run cost -- [--json] [--explain]`: what a month of a thousand active users costs on AWS without the model. Their acts are
 * played against the local cloud and metered, the plan of the stage is counted, and both are multiplied by list prices.
 * `--json` prints `{total_usd_month, by_service, by_action}` and nothing else; `--write` keeps the table in docs,
 * and `--explain` says what each act asked of the table, the blobs and the engines.
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isBuildUpToDate } from "../../../scripts/build-hash.mjs";
import { type Bill, blobsBill, priced, standingBill, storedBill, sum, totalOf, tracingBill } from "./bill";
import { play } from "./play";
import type { Act } from "./player";
import { PRICES_OF, SEEDS } from "./prices";
import { standing } from "./standing";
import { add, noUsage } from "./usage";
import { MONTH, MONTHS_STORED, TIMES, USERS } from "./workload";

const GOAL_USD = 25;
const SESSIONS_PLAYED = 4;
const DOCS = "docs/operating/costs-table.md";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    explain: { type: "boolean", default: false },
  },
});

/** The plan is made of the functions' bundles, the play of the site's build. */
function buildWhatIsMissing(): void {
  const scripts = isBuildUpToDate() ? [] : ["scripts/build.mjs"];
  if (scripts.length > 0 || !existsSync("build/lambda/check/index.js")) scripts.push("scripts/build-lambda.mjs");
  for (const script of scripts) {
    const { status, stderr } = spawnSync(process.execPath, [script], { stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  }
}

async function month() {
  buildWhatIsMissing();
  const plan = await standing();
  const { acts, sweep, nightly, stored: ofSession, explained } = await play(SESSIONS_PLAYED);
  const times = (act: Act) => TIMES[act] * USERS;
  const names = Object.keys(TIMES) as Act[];
  const used = names.reduce((all, act) => add(all, acts[act], times(act)), noUsage());
  const scheduled = add(add(noUsage(), sweep, MONTH.sweeps), nightly, MONTH.nights);
  const traced = tracingBill(add(add(noUsage(), used), scheduled));
  const sessions = TIMES["create a session of 5 files, reviewed"] * USERS;
  const storedFor = (months: number) =>
    sum(storedBill(ofSession, sessions, months), blobsBill(used.s3BytesWritten, months));
  const stored = storedFor(MONTHS_STORED.onAverage);
  const standingCost = standingBill(plan);
  const byService = sum(priced(used), priced(scheduled), traced, standingCost, stored);
  const byAction: Bill = {};
  for (const act of names) byAction[act] = totalOf(priced(acts[act])) * times(act);
  Object.assign(byAction, {
    "schedules (sweep each minute, nightly)": totalOf(priced(scheduled)),
    "tracing of all of it": totalOf(traced),
    "storage, on average in the first year": totalOf(stored),
    "being there (firewall, alarms, metrics, dashboard, polling)": totalOf(standingCost),
  });
  const storedAtTheEnd = totalOf(storedFor(MONTHS_STORED.atTheEnd));
  return { total: totalOf(byService), byService, byAction, plan, acts, storedAtTheEnd, explained };
}

const cents = (usd: number) => Math.round(usd * 10_000) / 10_000;
const rounded = (bill: Bill) => Object.fromEntries(Object.entries(bill).map(([name, usd]) => [name, cents(usd)]));
const dollars = (usd: number) => `$${usd.toFixed(2)}`;

function table(head: string, bill: Bill): string {
  const rows = Object.entries(bill).sort(([, a], [, b]) => b - a);
  const lines = rows.map(([name, usd]) => `| ${name} | ${dollars(usd)} |`);
  return [`| ${head} | a month |`, "| --- | ---: |", ...lines].join("\n");
}

function report({ total, byService, byAction, plan, acts, storedAtTheEnd }: Awaited<ReturnType<typeof month>>): string {
  const perAct = (Object.keys(TIMES) as Act[]).map((act) => {
    const { readUnits, writeUnits, calls, gbSeconds, requests } = acts[act];
    const figures = [readUnits, writeUnits, calls, gbSeconds, requests].map((value) => Math.round(value * 100) / 100);
    return `| ${[act, TIMES[act], ...figures, `$${(totalOf(priced(acts[act])) * 1_000).toFixed(3)}`].join(" | ")} |`;
  });
  const goal = total < GOAL_USD ? "below" : "over";
  return `# What a month costs

${USERS.toLocaleString("en-US")} active users, without the model: **${dollars(total)}**, ${goal} the goal of $${GOAL_USD}. Made by \`npm run cost -- --write\`, from prices of
${PRICES_OF} in \`tests/bench/cost/prices.ts\`, with no free tier. The former designs say $${SEEDS.total.from} to $${SEEDS.total.to}, of which $${SEEDS.withoutModels.from} to $${SEEDS.withoutModels.to} are not models.
It is a model, not an invoice: units, requests and bytes are counted by the local cloud, processor time is this
machine's, and what \`usage.ts\` calls assumed is assumed. Runs by agents are left out until they exist.

${table("service", byService)}

${table("for", byAction)}

| one act | times a user | read units | write units | calls | GB s | requests | a thousand |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${perAct.join("\n")}

Counted in the plan of the production stage: ${plan.alarmMetrics} metrics in alarms, ${plan.ownMetrics} of our own, ${plan.dashboards} dashboard, ${plan.acls} firewall with ${plan.aclRules} rules, ${plan.polledQueues} queue
that a function polls. Storage grows: after twelve months it is ${dollars(storedAtTheEnd)} a month.
`;
}

const made = await month();
if (values.json) {
  const { total, byService, byAction } = made;
  process.stdout.write(
    `${JSON.stringify({ total_usd_month: cents(total), by_service: rounded(byService), by_action: rounded(byAction) })}\n`,
  );
} else process.stdout.write(report(made));
if (values.explain) {
  for (const [act, words] of Object.entries(made.explained)) process.stdout.write(`\n## ${act}\n\n${words}\n`);
}
if (values.write) writeFileSync(DOCS, report(made));
process.exit();
