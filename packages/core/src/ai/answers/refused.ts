/** Why a suggestion can't become a change; caught by `normaliseSuggestion`, never seen outside. */
export class SuggestionRefused extends Error {
  constructor(
    message: string,
    readonly path?: string,
  ) {
    super(message);
  }
}
