import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { restoreVersion, saveFiles } from "../changes/index";
import { newChangeId } from "../changes/schema";
import { trashSession } from "../sessions/index";
import { addHead, createDifference, filesAfter } from "./index";
import type { ChangedFile } from "./schema";

const product = withProduct();
const source = { kind: "git", range: "HEAD" } as const;
const A = { path: "a.txt", before: "a\n", after: "b\n" };
const NEW = { path: "new.txt", after: "new\n" };

const create = (...files: ChangedFile[]) =>
  createDifference(product.actor, { key: randomUUID(), source, content: { kind: "files", files } });

const save = (session: { codebaseId: string }, base: number, ...files: { path: string; text: string | null }[]) =>
  saveFiles(product.actor, { codebaseId: session.codebaseId, changeId: newChangeId(), base, files });

it("a program is told which files a session changed after a version, and which it deleted", async () => {
  const session = await create(A, NEW);
  await save(session, 2, { path: "a.txt", text: "c\n" }, { path: "new.txt", text: null });
  const after = (version: number) => filesAfter(product.actor, { sessionId: session.id, version });
  expect(await after(2)).toEqual({
    ...{ version: 3, head: 2, base: 1, isTrashed: false },
    files: [
      { path: "a.txt", text: "c\n" },
      { path: "new.txt", text: null },
    ],
  });
  expect(await after(3)).toMatchObject({ version: 3, files: [] });
});

it("a program that waits is told of a version as soon as it is there, and of none when the time is over", async () => {
  const session = await create(A);
  const input = { sessionId: session.id, version: 2, waitMs: 25_000 };
  const waiting = filesAfter(product.actor, input);
  await save(session, 2, { path: "a.txt", text: "c\n" });
  expect(await waiting).toMatchObject({ version: 3, files: [{ path: "a.txt", text: "c\n" }] });
  expect(await filesAfter(product.actor, { ...input, version: 3, waitMs: 1 })).toMatchObject({ version: 3, files: [] });
  const trashed = filesAfter(product.actor, { ...input, version: 3 });
  await trashSession(product.actor, { id: session.id });
  expect(await trashed).toMatchObject({ isTrashed: true });
});

it("a file that a restored head does not have is as its base has it, and not deleted", async () => {
  const session = await create(A);
  const files = [A, { path: "b.txt", before: "b\n", after: "B\n" }, NEW];
  await addHead(product.actor, { sessionId: session.id, content: { kind: "files", files } });
  await restoreVersion(product.actor, { codebaseId: session.codebaseId, changeId: newChangeId(), version: 2 });
  expect((await filesAfter(product.actor, { sessionId: session.id, version: 4 })).files).toEqual([
    { path: "b.txt", text: "b\n" },
    { path: "new.txt", text: null },
  ]);
});

it("a head that was made after a version is refused once there is a later one, which stays", async () => {
  const session = await create(A);
  const head = (after: number, text: string) =>
    addHead(product.actor, {
      sessionId: session.id,
      content: { kind: "files", files: [{ ...A, after: text }] },
      after,
    });
  await save(session, 2, { path: "a.txt", text: "c\n" });
  await expect(head(2, "d\n")).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
  expect(await head(3, "b\n")).toMatchObject({ version: 4, isNew: true });
  expect(await head(4, "b\n")).toMatchObject({ version: 4, isNew: false });
});
