/**
 * A patch does not apply; caught by `normalisePatch` and `normaliseSuggestion`. `hunk` is the 0-based index of its
 * block.
 */
export class PatchRefused extends Error {
  /** The file whose lines do not fit, where the patch is of several. */
  path?: string;

  constructor(
    message: string,
    readonly hunk?: number,
  ) {
    super(message);
  }
}
