import type { Actor } from "@redline/core/auth/schema";
import { compareVersions, getCodebase, listVersions } from "@redline/core/codebases/index";
import type { TreeEntry, Version } from "@redline/core/codebases/schema";
import { changesSince, listHeads } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { hashText } from "@redline/core/platform/blobs";
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
  const { id, name, teamId, codebaseId, difference } = await getSession(actor, { id: sessionId });
  const { number: head } = await getCodebase(actor, { id: codebaseId });
  const since = query.get("since");
  const to = parseVersionNumber(query.get("to"), head);
  const from = parseVersionNumber(since ?? query.get("from"), Math.max(to - 1, 1));
  const path = query.get("file") ?? undefined;
  const view: CompareView = query.get("view") === "split" ? "split" : "unified";
  const [comparison, newest, { heads }] = await Promise.all([
    compare(actor, { teamId, path }, () =>
      since === null
        ? compareVersions(actor, { codebaseId, from, to })
        : changesSince(actor, { sessionId, version: from }),
    ),
    listVersions(actor, { codebaseId }),
    difference ? listHeads(actor, { sessionId }) : { heads: [] },
  ]);
  const versions = withCompared(newest.versions, [comparison.from, comparison.to]);
  return { session: { id, name }, versions, heads, view, path, isSince: since !== null, ...comparison };
}

/** Returns the newest versions and those compared, newest first: what can be chosen. */
function withCompared(newest: readonly Version[], compared: readonly Version[]): Version[] {
  const older = compared.filter(({ number }) => newest.every((each) => each.number !== number));
  return [...new Map([...newest, ...older].map((each) => [each.number, each])).values()].sort(
    (a, b) => b.number - a.number,
  );
}

function parseVersionNumber(given: string | null, otherwise: number): number {
  if (!given) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new AppError("INVALID_INPUT", "Enter a version number, such as 3.");
  return Number(given);
}

/** Compares two versions: all changed files, and the rows of those shown (one, when a file is given). */
async function compare(
  actor: Actor,
  { teamId, path }: { teamId: string; path?: string },
  load: () => ReturnType<typeof changesSince>,
) {
  const compared = await load();
  const shown = new Map<string, FileRows>();
  let room = path === undefined ? MAX_ROWS : MAX_ROWS_ALONE;
  for (const file of compared.files) {
    if (path !== undefined && file.path !== path) continue;
    const size = Math.max(file.added, file.removed);
    // The first file is always shown, in part if it must be; the next ones only where they fit.
    if (shown.size > 0 && size > room) continue;
    const [before, after] = await Promise.all([
      loadSide(actor, teamId, file.from ?? file.to, file.fromText),
      loadSide(actor, teamId, file.to ?? file.from, file.toText),
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
  // A text that was carried to another base is not the stored one.
  const hash = hashText(text);
  return splitSide(text, await highlight(actor, { teamId, hash, text, language: entry.language }));
}
