/** What an agent knows a proposed change by: its session's id and its own. */
import { ulid } from "ulid";
import { CommandFailure } from "../failure";

export const newThreadId = (): string => `thr_${ulid()}`;
export const newMessageId = (): string => `msg_${ulid()}`;

export const proposalId = ({ sessionId, changeId }: { sessionId: string; changeId: string }): string =>
  `${sessionId}.${changeId}`;

export function parseProposalId(id: string): { sessionId: string; changeId: string } {
  const found = /^(ses_[0-9A-Za-z]{26})\.(chg_[0-9A-Za-z]{26})$/.exec(id.trim());
  if (!found) throw new CommandFailure(`"${id.slice(0, 80)}" is not an id that propose_change returned.`);
  return { sessionId: found[1] as string, changeId: found[2] as string };
}
