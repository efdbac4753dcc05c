/** `get_decision`: waits a while for what a person decides, and writes what they accepted to the work tree. */
import { setTimeout as sleep } from "node:timers/promises";
import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import * as v from "valibot";
import type { Decision } from "../api";
import type { Call } from "../call";
import { parseProposalId } from "../ids";
import { writeAccepted } from "../linked";

const MAX_WAIT_SECONDS = 45;

export const decisionInput = v.object({
  id: v.pipe(v.string(), v.description("The id that propose_change returned.")),
  wait_seconds: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(MAX_WAIT_SECONDS),
      v.description(`How long to wait for a person, at most ${MAX_WAIT_SECONDS} (the default).`),
    ),
  ),
});

export const decisionOutput = v.looseObject({
  id: v.string(),
  status: v.picklist(["open", "decided"]),
  hunks: v.array(v.looseObject({ decision: v.string() })),
  notes: v.array(v.looseObject({ text: v.string() })),
});

export const getDecision = (input: v.InferOutput<typeof decisionInput>, call: Call) =>
  call.inWorkspace(async (workspace) => {
    const { sessionId, changeId } = parseProposalId(input.id);
    const path = `/agents/sessions/${sessionId}/changes/${changeId}`;
    const waitMs = Math.min((input.wait_seconds ?? MAX_WAIT_SECONDS) * 1_000, call.host.waitMs);
    const decision = await waitForDecision(path, waitMs, call);
    const url = `${await call.host.api.address()}/sessions/${sessionId}?thread=${decision.threadId}`;
    if (decision.status === "open" && waitMs > 0 && mayAsk(call)) {
      const message = `Your decision is awaited: ${decision.summary}`;
      return inputRequired({ inputRequests: { decide: inputRequired.elicitUrl({ message, url }) } });
    }
    const workTree = await writeAccepted(sessionId, decision.applied, call, workspace);
    return { id: input.id, url, ...forAgent(decision), workTree };
  });

/** Whether the client can lead the person to the page, and did not do so for this call yet. */
function mayAsk({ isModern, capabilities, context }: Call): boolean {
  const answer = inputResponse(context.mcpReq.inputResponses, "decide");
  return isModern && capabilities.elicitation?.url !== undefined && answer.kind === "missing";
}

/** Returns once all is decided, a person wrote something, or the time is over. */
async function waitForDecision(path: string, waitMs: number, call: Call): Promise<Decision> {
  const { api, pollMs } = call.host;
  const until = performance.now() + waitMs;
  let decision = await api.send<Decision>("GET", path, undefined, call.signal);
  const known = decision.notes.length;
  for (let polls = 1; decision.status === "open" && decision.notes.length === known; polls++) {
    const leftMs = until - performance.now();
    if (leftMs <= 0) break;
    await call.progress(polls, undefined, "Waiting for a person's decision");
    await sleep(Math.min(pollMs, leftMs), undefined, { signal: call.signal });
    decision = await api.send<Decision>("GET", path, undefined, call.signal);
  }
  return decision;
}

function forAgent({ status, summary, isConflict, hunks, notes, threadId }: Decision) {
  return {
    ...{ status, summary, thread: threadId, hunks, notes },
    ...(isConflict && { isConflict, reason: "The same lines were changed since. The person has to merge." }),
    ...(status === "open" && { next: "Still open. Ask again later, or go on with other work." }),
  };
}
