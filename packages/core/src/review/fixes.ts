import { transition, writeChanges } from "../changes/internal";
import type { Change } from "../changes/schema";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { nowIso } from "../platform/clock";
import type { Session } from "../sessions/schema";
import type { Finding } from "./schema";

/** Stores the verified fixes that are new as proposed changes. */
export async function proposeFixes(
  { session, codebase, reviewId }: { session: Session; codebase: Codebase; reviewId: string },
  entry: TreeEntry,
  now: Finding[],
  before: Finding[],
): Promise<void> {
  const kept = new Set(before.flatMap((finding) => finding.fix?.changeId ?? []));
  const evidence = { parses: true, added: [], checkedAt: nowIso() };
  const changes = now.flatMap((finding): Change[] =>
    finding.fix && !kept.has(finding.fix.changeId)
      ? [
          {
            id: finding.fix.changeId,
            codebaseId: codebase.id,
            base: codebase.number,
            edits: [{ path: entry.path, baseHash: entry.hash, edits: finding.fix.edits }],
            summary: finding.fix.summary,
            author: { kind: "reviewer", id: "builtin", name: "Built-in reviewer" },
            origin: { kind: "finding", sessionId: session.id, reviewId, identity: finding.identity },
            safety: finding.fix.safety,
            evidence,
            status: "proposed",
            createdAt: evidence.checkedAt,
            updatedAt: evidence.checkedAt,
          },
        ]
      : [],
  );
  await writeChanges(codebase.teamId, changes);
}

/** Supersedes the former fixes of findings, except those that the findings still have. */
export async function supersedeFixes(codebase: Codebase, before: Finding[], now: Finding[]): Promise<void> {
  const current = new Set(now.flatMap((finding) => finding.fix?.changeId ?? []));
  const former = before.flatMap((finding) => finding.fix?.changeId ?? []).filter((id) => !current.has(id));
  await Promise.all(
    former.map((id) => transition({ codebaseId: codebase.id, id, from: ["proposed", "conflicted"], to: "superseded" })),
  );
}
