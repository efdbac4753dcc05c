import { expect, it } from "vitest";
import { decide } from "./decide";

const KNOWN = "a\nb\nc\n";

it("writes what the session changed where the file is what it was made of", () => {
  expect(decide({ known: KNOWN, session: "a\nB\nc\n", disk: KNOWN })).toMatchObject({
    kind: "write",
    text: "a\nB\nc\n",
  });
  expect(decide({ known: KNOWN, session: null, disk: KNOWN })).toMatchObject({ kind: "write", text: null });
  expect(decide({ known: undefined, session: "new\n", disk: null })).toMatchObject({ kind: "write", text: "new\n" });
});

it("merges with what was edited on disk, and leaves the file where the same lines were", () => {
  const session = "a\nb\nC\n";
  expect(decide({ known: KNOWN, session, disk: "A\nb\nc\n" })).toEqual({
    ...{ kind: "write", text: "A\nb\nC\n", isMerged: true },
  });
  expect(decide({ known: KNOWN, session, disk: "a\nb\nsee\n" })).toMatchObject({ kind: "conflict" });
});

it("deletes no file that was edited, and brings back none that was deleted", () => {
  expect(decide({ known: KNOWN, session: null, disk: "A\n" })).toMatchObject({ kind: "conflict" });
  expect(decide({ known: KNOWN, session: "a\n", disk: null })).toMatchObject({ kind: "conflict" });
  expect(decide({ known: undefined, session: "new\n", disk: "other\n" })).toMatchObject({ kind: "conflict" });
  expect(decide({ known: KNOWN, session: "a\n", disk: undefined })).toMatchObject({ kind: "conflict" });
});

it("does nothing where only the disk was edited, or both alike", () => {
  for (const disk of ["A\n", null, undefined]) expect(decide({ known: KNOWN, session: KNOWN, disk }).kind).toBe("none");
  expect(decide({ known: KNOWN, session: "B\n", disk: "B\n" }).kind).toBe("none");
});
