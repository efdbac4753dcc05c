/** Why a patch does not apply; caught by `normalisePatch`, never seen outside. `hunk` is 0-based. */
export class PatchRefused extends Error {
  constructor(
    message: string,
    readonly hunk?: number,
  ) {
    super(message);
  }
}
