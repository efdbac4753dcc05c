import { PatchRefused } from "../../text/index";

/** Why a suggestion can't become a change; caught by `normaliseSuggestion`, never seen outside. */
export class SuggestionRefused extends PatchRefused {
  constructor(message: string, path?: string) {
    super(message);
    if (path !== undefined) this.path = path;
  }
}
