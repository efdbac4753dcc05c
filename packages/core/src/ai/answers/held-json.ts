import { jsonOpening } from "./markers";

/** A JSON object that stands bare in the text, held until its last bracket. */
export class HeldJson {
  raw = "";
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isRecognised = false;

  constructor(opening: string) {
    for (const char of opening) this.add(char);
  }

  /** `none` once it is no object that may hold a suggestion, `whole` at its last bracket. */
  add(char: string): "open" | "none" | "whole" {
    this.raw += char;
    this.track(char);
    if (!this.isRecognised) {
      const verdict = jsonOpening(this.raw);
      if (verdict === "no") return "none";
      this.isRecognised = verdict === "yes";
    }
    return this.depth === 0 && this.isRecognised ? "whole" : "open";
  }

  private track(char: string): void {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (char === "\\") this.isEscaped = true;
      else if (char === '"') this.isInString = false;
    } else if (char === '"') this.isInString = true;
    else if (char === "{") this.depth++;
    else if (char === "}") this.depth--;
  }
}
