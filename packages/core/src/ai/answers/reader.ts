/**
 * Reads an answer as it streams: what may be shown goes on at once, what may be the beginning of a suggestion is held
 * back until it is one or is not. It decides by what came, never by how that was cut: any split gives the same.
 */

import { BufferedFence } from "./buffered-fence";
import { readDiff } from "./diff-answer";
import { readJsonAnswer } from "./json-answer";
import { JsonObjectScanner } from "./json-object-scanner";
import { isLabel, pathOfLabel } from "./labels";
import {
  closesFence,
  type FenceOpening,
  fenceOpening,
  isReplaceMarker,
  isSearchMarker,
  opensSomething,
} from "./markers";
import { readSearchReplace } from "./search-replace";
import { type SuggestedPatch, type Suggestion, suggestionOf } from "./suggestion";

export type ReadAnswer = {
  /** All that was shown: what `push` gave and then `rest`. */
  text: string;
  /** Text to show that was held back until the end. */
  rest: string;
  suggestions: Suggestion[];
  /** The beginning of a suggestion that was cut; it is not part of `text`. */
  unfinished?: string;
};

/** The construct that the reader is inside of. */
type State =
  | { in: "prose"; line: string; isShown: boolean }
  | { in: "code"; line: string; opening: FenceOpening }
  | { in: "fence"; line: string; fence: BufferedFence }
  | { in: "blocks"; line: string; raw: string; lines: string[] }
  | { in: "json"; json: JsonObjectScanner };

const newLine = (): State => ({ in: "prose", line: "", isShown: false });

export class TextAnswerReader {
  private state: State = newLine();
  private shown = "";
  private taken = 0;
  /** The last line with words, which may name the file of what follows. */
  private lastLine = "";
  /** Patches that stand together, with nothing but names of files between them, are one suggestion. */
  private group: { patches: SuggestedPatch[]; raw: string } | undefined;
  private readonly suggestions: Suggestion[] = [];

  /** `paths` are the files of the material, by which a path before a suggestion is recognised. */
  constructor(private readonly paths: readonly string[]) {}

  /** True while a part of the answer is held back, because it looks like a suggestion. */
  get isBuffering(): boolean {
    return this.state.in === "fence" || this.state.in === "blocks" || this.state.in === "json";
  }

  /** Takes what came next and gives what may be shown next. */
  push(delta: string): string {
    for (let at = 0; at < delta.length; at++) this.step(delta.charAt(at));
    return this.take();
  }

  /** `isCut` when the answer did not come to its end: then nothing that may lack its other half is a suggestion. */
  end({ isCut }: { isCut: boolean }): ReadAnswer {
    const unfinished = isCut ? (this.group?.raw ?? "") + this.heldText() : "";
    if (!isCut) {
      this.finish();
      this.closeGroup();
    }
    const rest = this.take();
    return { text: this.shown, rest, suggestions: this.suggestions, ...(unfinished.trim() !== "" && { unfinished }) };
  }

  private take(): string {
    const next = this.shown.slice(this.taken);
    this.taken = this.shown.length;
    return next;
  }

  private step(char: string): void {
    const { state } = this;
    if (state.in === "prose") this.stepProse(state, char);
    else if (state.in === "code") this.stepCode(state, char);
    else if (state.in === "fence") this.stepFence(state, char);
    else if (state.in === "blocks") this.stepBlocks(state, char);
    else this.stepJson(state.json, char);
  }

  private stepProse(state: State & { in: "prose" }, char: string): void {
    if (char === "\n") {
      this.endProseLine(state);
      return;
    }
    state.line += char;
    if (state.isShown) this.shown += char;
    else if (/^[ \t]*\{/.test(state.line)) this.state = { in: "json", json: new JsonObjectScanner(state.line) };
    else if (!opensSomething(state.line)) {
      state.isShown = true;
      this.shown += state.line;
    }
  }

  private endProseLine({ line, isShown }: State & { in: "prose" }): void {
    const opening = isShown ? undefined : fenceOpening(line);
    if (opening) {
      this.state = { in: "fence", line: "", fence: new BufferedFence(opening, `${line}\n`) };
    } else if (!isShown && isSearchMarker(line)) {
      this.state = { in: "blocks", line: "", raw: `${line}\n`, lines: [line] };
    } else {
      this.shown += isShown ? "\n" : `${line}\n`;
      this.state = newLine();
      if (line.trim() === "") return;
      this.lastLine = line;
      if (!isLabel(line, this.paths)) this.closeGroup();
    }
  }

  private stepCode(state: State & { in: "code" }, char: string): void {
    this.shown += char;
    if (char !== "\n") state.line += char;
    else if (closesFence(state.line, state.opening, false)) this.state = newLine();
    else state.line = "";
  }

  private stepFence(state: State & { in: "fence" }, char: string): void {
    const { fence } = state;
    fence.raw += char;
    if (char !== "\n") state.line += char;
    else if (fence.addLine(state.line)) {
      this.endFence(fence);
      return;
    } else state.line = "";
    if (fence.kind === undefined && fence.decide() === "code") {
      this.release(fence.raw, { in: "code", line: state.line, opening: fence.opening });
    }
  }

  private endFence(fence: BufferedFence): void {
    if (fence.kind === "json") {
      this.endJson(fence.raw, fence.lines.join("\n"), "\n");
      return;
    }
    const label = pathOfLabel(this.lastLine, this.paths);
    const patches =
      fence.kind === "search"
        ? readSearchReplace(fence.lines, label, this.paths)
        : fence.kind === "diff"
          ? readDiff(fence.lines, label, this.paths)
          : undefined;
    if (patches) this.addPatches(patches, fence.raw);
    else this.release(fence.raw, newLine());
  }

  private stepBlocks(state: State & { in: "blocks" }, char: string): void {
    state.raw += char;
    if (char !== "\n") {
      state.line += char;
      return;
    }
    state.lines.push(state.line);
    const isWhole = isReplaceMarker(state.line);
    state.line = "";
    if (isWhole) this.endBlocks(state);
  }

  private endBlocks({ raw, lines }: State & { in: "blocks" }): void {
    const patches = readSearchReplace(lines, pathOfLabel(this.lastLine, this.paths), this.paths);
    if (patches) this.addPatches(patches, raw);
    else this.release(raw, newLine());
  }

  private stepJson(json: JsonObjectScanner, char: string): void {
    const state = json.add(char);
    if (state === "whole") this.endJson(json.raw, json.raw, "");
    else if (state === "none") this.release(json.raw, afterRelease(json.raw));
  }

  private endJson(raw: string, text: string, lineEnd: string): void {
    const answer = readJsonAnswer(text);
    // Behind a bare object the line goes on; behind a fence a new one begins.
    const next: State = lineEnd === "" ? { in: "prose", line: "", isShown: true } : newLine();
    if (!answer) {
      this.release(raw, next);
      return;
    }
    this.closeGroup();
    this.shown += answer.text + lineEnd;
    this.state = next;
    if (answer.patches.length === 0) return;
    this.suggestions.push({
      summary: answer.summary ?? "Change the code",
      patches: answer.patches,
      code: answer.code,
    });
  }

  private addPatches(patches: readonly SuggestedPatch[], raw: string): void {
    this.group ??= { patches: [], raw: "" };
    this.group.patches.push(...patches);
    this.group.raw += raw;
    this.state = newLine();
  }

  private closeGroup(): void {
    if (this.group) this.suggestions.push(suggestionOf(this.group.patches));
    this.group = undefined;
  }

  /** Held text that turned out to be text. */
  private release(raw: string, next: State): void {
    this.closeGroup();
    this.shown += raw;
    this.state = next;
  }

  /** The answer came to its end: what is held is whole, or is text. */
  private finish(): void {
    const { state } = this;
    if (state.in === "prose") this.shown += state.isShown ? "" : state.line;
    else if (state.in === "json") this.release(state.json.raw, newLine());
    else if (state.in === "blocks") {
      state.lines.push(state.line);
      this.endBlocks(state);
    } else if (state.in === "fence") {
      const isClosed = state.fence.addLine(state.line);
      if (isClosed || state.fence.hasWholeBlocks) this.endFence(state.fence);
      else this.release(state.fence.raw, newLine());
    }
  }

  private heldText(): string {
    const { state } = this;
    if (state.in === "fence") return state.fence.raw;
    if (state.in === "blocks") return state.raw;
    if (state.in === "json") return state.json.raw;
    return state.in === "prose" && !state.isShown ? state.line : "";
  }
}

/** A release in the middle of a line: that line goes on as it is. */
function afterRelease(raw: string): State {
  const line = raw.slice(raw.lastIndexOf("\n") + 1);
  return line === "" ? newLine() : { in: "prose", line, isShown: true };
}
