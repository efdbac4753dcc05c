import type { Actor } from "@redline/core/auth/schema";
import { compareVersions, getCodebase } from "@redline/core/codebases/index";
import type { TreeEntry } from "@redline/core/codebases/schema";
import { AppError } from "@redline/core/errors";
import { highlight } from "@redline/core/review/index";
import { getSession } from "@redline/core/sessions/index";
import { buildFileRows } from "./file-rows";
import { splitSide } from "./lines";
import type { CompareView, FileRows, FileSummary } from "./rows";

/** Maximum changed rows on a page of several files, and of a single file; beyond those a file is shown in part. */
const MAX_ROWS = 600;
const MAX_ROWS_ALONE = 1_500;

/** Loads the comparison for a URL; by default the head against its predecessor, all files, unified. */
export async function loadComparison(actor: Actor, sessionId: string, query: URLSearchParams) {
  const { id, name, teamId, codebaseId } = await getSession(actor, { id: sessionId });
  const { number: head } = await getCodebase(actor, { id: codebaseId });
  const to = parseVersionNumber(query.get("to"), head);
  const from = parseVersionNumber(query.get("from"), Math.max(to - 1, 1));
  const path = query.get("file") ?? undefined;
  const view: CompareView = query.get("view") === "split" ? "split" : "unified";
  const comparison = await compare(actor, { teamId, codebaseId, from, to, path });
  return { session: { id, name }, head, view, path, ...comparison };
}

function parseVersionNumber(given: string | null, otherwise: number): number {
  if (!given) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new AppError("INVALID_INPUT", "Enter a version number, such as 3.");
  return Number(given);
}

/** Compares two versions: all changed files, and the rows of those shown (one, when a file is given). */
async function compare(
  actor: Actor,
  {
    teamId,
    codebaseId,
    from,
    to,
    path,
  }: { teamId: string; codebaseId: string; from: number; to: number; path?: string },
) {
  const compared = await compareVersions(actor, { codebaseId, from, to });
  const shown = new Map<string, FileRows>();
  let room = path === undefined ? MAX_ROWS : MAX_ROWS_ALONE;
  for (const file of compared.files) {
    if (path !== undefined && file.path !== path) continue;
    const size = Math.max(file.added, file.removed);
    // The first file is always shown, in part if it must be; the next ones only where they fit.
    if (shown.size > 0 && size > room) continue;
    const [before, after] = await Promise.all([
      loadSide(actor, teamId, file.from, file.fromText),
      loadSide(actor, teamId, file.to, file.toText),
    ]);
    shown.set(file.path, buildFileRows(before, after, Math.max(room, 1)));
    room -= size;
  }
  const files: FileSummary[] = compared.files.map(({ path, status, added, removed }) => ({
    path,
    status,
    added,
    removed,
  }));
  return { from: compared.from, to: compared.to, files, shown };
}

async function loadSide(actor: Actor, teamId: string, entry: TreeEntry | undefined, text: string | null) {
  if (!entry || text === null) return splitSide("", []);
  return splitSide(text, await highlight(actor, { teamId, hash: entry.hash, text, language: entry.language }));
}
