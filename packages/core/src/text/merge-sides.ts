import type { NumberedText } from "./lines";

/** The three texts of a merge with their lines numbered together; `distinct` is above every id. */
export type MergeSides = { base: NumberedText; ours: NumberedText; theirs: NumberedText; distinct: number };
