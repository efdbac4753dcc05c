import { queryEntries } from "./log";
import type { LogEntry, Turn } from "./schema";

/** Returns the agent's turn that is open, or was last; undefined before the first. */
export function turnOf(log: readonly LogEntry[]): Turn | undefined {
  const started = log.findLast((entry) => entry.kind === "turn-start");
  if (started?.kind !== "turn-start") return undefined;
  const isEnded = log.some((entry) => entry.kind === "turn-end" && entry.number > started.number);
  return { state: isEnded ? "closed" : "open", number: started.turn, label: started.label };
}

/** Returns the label of the agent's turn that is open; undefined where none is. */
export async function openTurnLabel(sessionId: string): Promise<string | undefined> {
  const turn = turnOf(await queryEntries(sessionId));
  return turn?.state === "open" ? turn.label : undefined;
}
