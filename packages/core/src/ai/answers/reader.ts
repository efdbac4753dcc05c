/**
 * Reads an answer as it streams: what may be shown goes on at once, what may be the beginning of a suggestion is held
 * back until it is one or is not.
 */
import type { Suggestion } from "./suggestion";

export type ReadAnswer = {
  /** All that was shown: what `push` gave and then `rest`. */
  text: string;
  /** What is shown only now. */
  rest: string;
  suggestions: Suggestion[];
  /** The beginning of a suggestion that was cut; it is not part of `text`. */
  unfinished?: string;
};

export class TextAnswerReader {
  /** True while a part of the answer is held back, because it looks like a suggestion. */
  isHolding = false;
  private all = "";

  /** `paths` are the files of the material, by which a path before a suggestion is recognised. */
  constructor(readonly paths: readonly string[]) {}

  /** Takes what came next and gives what may be shown next. */
  push(delta: string): string {
    this.all += delta;
    return delta;
  }

  /** `isCut` when the answer did not come to its end: then nothing that may lack its other half is a suggestion. */
  end(_options: { isCut: boolean }): ReadAnswer {
    return { text: this.all, rest: "", suggestions: [] };
  }
}
