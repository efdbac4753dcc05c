import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { getCodebase, listVersions } from "../codebases/index";
import type { Version } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import { operation } from "../platform/operation";
import { latestReview, listFindings } from "../review/index";
import type { PlacedFinding } from "../review/schema";
import { sarifLog } from "../sarif/index";
import type { ReportedFinding } from "../sarif/schema";
import { getSession } from "../sessions/index";
import { sessionId } from "../sessions/schema";
import { LineIndex } from "../text/index";
import { conversationsOf } from "../threads/internal";
import { packZip } from "./zip";

const byId = v.object({ id: sessionId });

/** The format of an exported session; incremented on breaking changes. */
const FORMAT = "redline-session/1";

/** Returns a session as one JSON document: its files, history, review, findings with their decisions, and threads. */
export const exportSession = operation("exports.session", "sessions.read", byId, async (actor, { id }) => {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const [versions, review, findings, threads, files] = await Promise.all([
    allVersions(actor, codebase.id),
    latestReview(actor, { sessionId: id }),
    listFindings(actor, { sessionId: id }),
    conversationsOf(session, codebase),
    Promise.all(
      codebase.tree.map(async ({ path, language, hash }) => ({
        path,
        language,
        text: await getText(codebase.teamId, hash),
      })),
    ),
  ]);
  const { name, createdAt, updatedAt } = session;
  return {
    format: FORMAT,
    exportedAt: nowIso(),
    session: { id, name, createdAt, updatedAt, version: codebase.number },
    files,
    versions,
    review,
    findings,
    threads,
  };
});

/** Returns a session's open findings as a SARIF log, with the coverage of its newest review. */
export const exportSarif = operation("exports.sarif", "sessions.read", byId, async (actor, { id }) => {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const [review, findings] = await Promise.all([
    latestReview(actor, { sessionId: id }),
    listFindings(actor, { sessionId: id }),
  ]);
  const open = findings.filter(({ decision, anchorState }) => !decision && anchorState !== "outdated");
  const coverage = new Map(review?.coverage.map((each) => [each.path, each]));
  const files = await Promise.all(
    codebase.tree.map(async ({ path, hash }) => {
      const text = await getText(codebase.teamId, hash);
      const lines = new LineIndex(text);
      return {
        ...{ path, text },
        coverage: coverage.get(path) ?? { state: "skipped" as const, reason: "not reviewed yet" },
        findings: open.filter((finding) => finding.path === path).map((finding) => toReported(finding, lines)),
      };
    }),
  );
  return { name: session.name, sarif: sarifLog(files, { notes: [] }).text };
});

function toReported(finding: PlacedFinding, lines: LineIndex): ReportedFinding {
  const { start, end, onBase, fix, ...about } = finding;
  const [line, column] = lines.placeOf(start);
  const [endLine, endColumn] = lines.endPlaceOf(start, end);
  const { summary = "", safety = "unsafe", edits = [] } = fix ?? {};
  const known = { ...about, start, end, line, column, endLine, endColumn, isNew: !onBase };
  return { ...known, ...(fix && { fix: { summary, safety, edits } }) };
}

async function allVersions(actor: Actor, codebaseId: string): Promise<Version[]> {
  const all: Version[] = [];
  let cursor: string | undefined;
  do {
    const page = await listVersions(actor, { codebaseId, cursor });
    all.push(...page.versions);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}

/** Returns the session's files at the head as a portable zip; `RENAMED.txt` in it lists files with another name. */
export const zipSession = operation(
  "exports.zip",
  "sessions.read",
  byId,
  async (actor, { id }): Promise<Uint8Array> => {
    const session = await getSession(actor, { id });
    const { tree, teamId } = await getCodebase(actor, { id: session.codebaseId });
    const hashes = new Map(tree.map(({ path, hash }) => [path, hash]));
    const textOf = (path: string) => getText(teamId, hashes.get(path) ?? "");
    return packZip([...hashes.keys()], textOf, new Date(session.updatedAt));
  },
);
