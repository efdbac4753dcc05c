/** Sessions, findings and threads in the shape that agents get. */
import { isNewHere, type PlacedFinding } from "@redline/core/review/schema";
import type { Session } from "@redline/core/sessions/schema";
import type { Message, Thread } from "@redline/core/threads/schema";

export function sessionForAgents({ id, name, updatedAt, fileCount, review, difference }: Session, requestUrl: string) {
  const url = new URL(`/sessions/${id}`, requestUrl).href;
  const reviewed = review && { version: review.version, status: review.status, counts: review.counts };
  return { id, name, url, updatedAt, fileCount, isDifference: difference !== undefined, review: reviewed };
}

export function findingForAgents(finding: PlacedFinding) {
  const { identity, path, startLine, endLine, rule, severity, confidence, title, explanation, fix, onBase } = finding;
  const { anchorState, decision, source } = finding;
  return {
    ...{ identity, path, startLine, endLine, rule, severity, confidence, title, explanation, source },
    ...(fix && { fix: fix.summary }),
    ...(decision && { decision }),
    isNew: isNewHere({ onBase }),
    isOutdated: anchorState === "outdated",
  };
}

export function threadForAgents({ id, path, anchor, status, title, count, updatedAt, finding }: Thread) {
  const isPlaced = anchor !== undefined && anchor.state !== "outdated";
  return {
    ...{ id, path, status, title, messages: count, updatedAt },
    ...(isPlaced && { startLine: anchor.startLine, endLine: anchor.endLine }),
    ...(finding && { finding: { rule: finding.rule, title: finding.title } }),
  };
}

export function messageForAgents({ number, author, text, createdAt, proposals = [], reply }: Message) {
  const changes = (reply?.proposals ?? proposals).flatMap((each) => (each.kind === "change" ? [each.changeId] : []));
  return {
    ...{ number, author: author.name, by: author.kind, text, createdAt },
    ...(changes.length > 0 && { changes }),
  };
}
