/** The code that a file holds, as engines read it, and the way back from its places to the file's. */
import type { TextEdit } from "../../text/index";
import type { ParseError, RawFinding } from "../engines/engine";

export type View = {
  text: string;
  /** The language of `text`: the file's own, or the one that is embedded in it. */
  language: string;
  /** Why the embedded code is not read. */
  reason?: string;
  placeOf(start: number, end: number): { start: number; end: number };
  /** The edits in the file; undefined for those that would change more of it than code. */
  editsOf(edits: readonly TextEdit[]): TextEdit[] | undefined;
  /** Returns whether a finding in the code holds for the whole file, too. */
  isTrue(finding: RawFinding): boolean;
  /** Returns whether what is an error in plain code is one in the file. */
  isError(error: ParseError): boolean;
  /** A finding's title, with what helps to find its place. */
  titleOf(finding: RawFinding): string;
};

/** Code that stands in the file at its own places. */
export const plainView = {
  placeOf: (start: number, end: number) => ({ start, end }),
  editsOf: (edits: readonly TextEdit[]) => [...edits],
  isTrue: () => true,
  isError: () => true,
  titleOf: ({ title }: RawFinding) => title,
};
