import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { runExclusive } from "../platform/keyed-mutex";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { type Write, writeAll } from "../platform/transaction";
import { versionOutbox } from "./commit";
import { announceVersion } from "./next-version";
import type { TreeEntry, Version, VersionKind } from "./schema";
import { type Head, nextVersionWrites, packTree, readHead, versionWrite } from "./store";

/** A version to write: its files, whatever the head holds. */
export type VersionStep = { kind: VersionKind; tree: TreeEntry[]; message: string };

type Author = Pick<Version, "authorId" | "authorName" | "createdAt">;

/** Returns the steps as the versions that follow a codebase's head. */
export const numberVersions = ({ id, number }: Pick<Head, "id" | "number">, steps: VersionStep[], author: Author) =>
  steps.map(({ kind, tree, message }, at) => {
    const version: Version = { codebaseId: id, number: number + at + 1, kind, message, ...author };
    return { version, tree };
  });

/**
 * Writes several versions at once, of which the last becomes the head, with other items that `writes` returns for the
 * first of their numbers. Nothing is merged: the files are those given. Throws VERSION_CONFLICT when others kept winning.
 */
export function appendVersions(request: {
  codebaseId: string;
  author: { id: string; name: string };
  steps: VersionStep[];
  writes: (firstNumber: number) => Promise<Write[]>;
}): Promise<number> {
  return runExclusive(request.codebaseId, async () => {
    const attempt = async () => {
      const head = await readHead(request.codebaseId);
      if (!head) throw new AppError("CODEBASE_NOT_FOUND", "That codebase was not found.");
      return appendTo(head, request);
    };
    const number = await retryUntilDefined(attempt, { ...CONTENTION, attempts: 10 });
    if (number === undefined)
      throw new AppError("VERSION_CONFLICT", "Too many concurrent saves. Nothing changed. Try again.");
    return number;
  });
}

async function appendTo(
  head: Head,
  { author, steps, writes }: Parameters<typeof appendVersions>[0],
): Promise<number | undefined> {
  const about = { authorId: author.id, authorName: author.name, createdAt: nowIso() };
  const numbered = numberVersions(head, steps, about);
  const last = numbered.at(-1);
  if (!last) throw new Error("There is no version to append.");
  const earlier = await Promise.all(
    numbered
      .slice(0, -1)
      .map(async ({ version, tree }) => versionWrite(version, await packTree(head.teamId, tree), {})),
  );
  const tree = await packTree(head.teamId, last.tree);
  const own = nextVersionWrites(head, last.version, tree, versionOutbox(head, last.version));
  try {
    await writeAll([...own, ...earlier, ...(await writes(head.number + 1))]);
    announceVersion(head.id);
    return last.version.number;
  } catch (error) {
    if (!failedTransactionItems(error)) throw error;
    return undefined;
  }
}
