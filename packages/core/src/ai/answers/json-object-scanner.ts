import { JsonBrackets } from "../json-brackets";
import { jsonOpening } from "./markers";

/** A JSON object that stands bare in the text, held until its last bracket. */
export class JsonObjectScanner {
  raw = "";
  private readonly brackets = new JsonBrackets();
  private isRecognised = false;

  constructor(opening: string) {
    for (const char of opening) this.add(char);
  }

  /** `none` once it is no object that may hold a suggestion, `whole` at its last bracket. */
  add(char: string): "open" | "none" | "whole" {
    this.raw += char;
    const isWhole = this.brackets.closes(char);
    if (!this.isRecognised) {
      const verdict = jsonOpening(this.raw);
      if (verdict === "no") return "none";
      this.isRecognised = verdict === "yes";
    }
    return isWhole && this.isRecognised ? "whole" : "open";
  }
}
