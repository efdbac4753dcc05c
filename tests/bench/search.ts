/**
 * A search that matches nothing, among many sessions against among few, in turns, on the local cloud. The sessions are
 * written as a creation writes them; `REDLINE_BENCH_SESSIONS` sets their number.
 */
import { localOwner } from "@redline/core/auth/index";
import { derivedId } from "@redline/core/platform/ids";
import { writeAll } from "@redline/core/platform/transaction";
import { listSessions } from "@redline/core/sessions/index";
import { createSessionWrites } from "@redline/core/sessions/store";
import { startTestCloud } from "../support/cloud";
import { pointAt } from "../support/product";
import { atMost, type Figure, median, rounded } from "./figure";

const MANY = Number(process.env.REDLINE_BENCH_SESSIONS ?? 3_000);
const FEW = 12;
const ROUNDS = 60;
const AT_ONCE = 20;
const SUBJECTS = ["orders", "invoices", "CartService", "payments", "UserView", "search", "stock", "prices"];

export async function run(): Promise<Figure[]> {
  const cloud = await startTestCloud();
  try {
    await pointAt(cloud);
    const [many, few] = ["team-many", "team-few"];
    await create(many, MANY);
    await create(few, FEW);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const search = `nothing${round}`;
      const [among, alone] = [await timed(many, search), await timed(few, search)];
      if (round >= ROUNDS / 4) ratios.push(among / alone);
    }
    return [
      atMost({
        bench: "search",
        name: `search that matches nothing among ${MANY} sessions`,
        value: rounded(median(ratios)),
        unit: "",
        goal: 1.3,
        ratio_to: `among ${FEW}`,
      }),
    ];
  } finally {
    await cloud.close();
  }
}

async function create(teamId: string, count: number): Promise<void> {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
  const session = (index: number) => ({
    ...{ id: derivedId("ses", teamId, String(index)), teamId, codebaseId: derivedId("cod", teamId, String(index)) },
    ...{ name: `${SUBJECTS[index % SUBJECTS.length]}${index}.ts and 3 more`, creatorId: "usr_bench" },
    ...{ languages: ["typescript"], fileCount: 4, bytes: 4_000, createdAt: at(index), updatedAt: at(index) },
  });
  for (let from = 0; from < count; from += AT_ONCE) {
    const page = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => session(from + index));
    await Promise.all(page.map((each) => writeAll(createSessionWrites(each))));
  }
}

async function timed(teamId: string, search: string): Promise<number> {
  const actor = { ...localOwner(), personalTeamId: teamId, teams: { [teamId]: "admin" as const } };
  const startedAt = performance.now();
  const { sessions } = await listSessions(actor, { search, teamId });
  if (sessions.length > 0) throw new Error("Something was found.");
  return performance.now() - startedAt;
}
