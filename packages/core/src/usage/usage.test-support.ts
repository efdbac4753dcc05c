import { randomUUID } from "node:crypto";
import type { Actor } from "../auth/schema";
import type { Reservation, Settlement } from "./internal";

/** Someone new with a team of their own, so that each test has a day that nothing else was taken from. */
export function asMember(): { actor: Actor; teamId: string } {
  const name = randomUUID();
  const teamId = `tea_${name}`;
  return { teamId, actor: { userId: `usr_${name}`, name, personalTeamId: teamId, teams: { [teamId]: "admin" } } };
}

export const reservation = (teamId: string): Reservation => ({
  teamId,
  task: "reply",
  about: { kind: "test" },
  promptVersion: "reply/1",
  model: "m1",
  tokens: 1_000,
});

export const used = (inputTokens: number, outputTokens: number): Settlement => ({
  status: "done",
  model: "m1",
  usage: { inputTokens, outputTokens, cachedTokens: 0, estimated: false },
  totalMs: 5,
});
