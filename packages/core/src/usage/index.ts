/** The ledger's face: every model call is reserved before and settled after. */

import type { Price, Task, TokenUsage } from "../ai/schema";
import type { Actor } from "../auth/schema";
import type { CallAbout, CallStatus } from "./schema";

export type Reservation = {
  teamId: string;
  task: Task;
  about: CallAbout;
  promptVersion: string;
  model: string;
  /** What the call may use at most: its input by estimate, and all of its output. */
  tokens: number;
};

export type ReservedCall = { teamId: string; id: string; day: string; task: Task; reservedTokens: number };

/** Takes the tokens from the team's day and opens a ledger row. Throws QUOTA_EXCEEDED with the numbers; nothing is spent then. */
export async function reserveCall(_actor: Actor, _reservation: Reservation): Promise<ReservedCall> {
  throw new Error("not written yet");
}

export type Settlement = {
  status: Exclude<CallStatus, "reserved" | "unknown">;
  model: string;
  usage: TokenUsage;
  price?: Price;
  firstTokenMs?: number;
  totalMs: number;
};

/** Settles a call once; settling it again changes nothing. Returns its cost, null where there is no price. */
export async function settleCall(_call: ReservedCall, _settlement: Settlement): Promise<number | null> {
  throw new Error("not written yet");
}
