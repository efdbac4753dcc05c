/** Jupyter notebooks: the code of their cells as one text, each character of which knows its place in the JSON. */
import type { TextEdit } from "../../text/index";
import type { RawFinding } from "../engines/engine";
import { type JsonNode, parseJson } from "./json-places";
import { plainView, type View } from "./view";

/** What is right in a cell: its last expression is shown, and it may await. */
const rightInCells = /^ruff\/(?:B018|PLE1142|F704|E402)$/;

export async function notebookView(text: string): Promise<View> {
  const unread = (reason: string): View => ({ ...plainView, text: "", language: "python", reason });
  const root = await parseJson(text);
  if (!root) return unread("is not a notebook's JSON");
  const language = languageOf(root);
  if (language !== "python") return unread(`holds ${language}`);
  const code = new Code(text);
  let number = 0;
  for (const cell of root.get("cells")?.items ?? []) {
    number++;
    if (cell.get("cell_type")?.value === "code") code.addCell(number, cell.get("source"));
  }
  return {
    text: code.text,
    language: "python",
    placeOf: (start, end) => code.placeOf(start, end),
    editsOf: (edits) => code.editsOf(edits),
    // A cell may await.
    isError: ({ message }) => !/\bawait\b|\byield\b/i.test(message),
    isTrue: ({ rule }) => !rightInCells.test(rule),
    titleOf: (finding) => `${finding.title} (${code.wordsFor(finding)})`,
  };
}

function languageOf(root: JsonNode): string {
  const metadata = root.get("metadata");
  const name =
    metadata?.get("language_info")?.get("name")?.value ?? metadata?.get("kernelspec")?.get("language")?.value;
  return typeof name === "string" ? name.toLowerCase().replace(/^ipython$/, "python") : "python";
}

type Cell = { number: number; start: number };

class Code {
  text = "";
  /** For each character its place in the JSON, and one more for the end. */
  private readonly places: number[] = [];
  /** For each character the string of the JSON that holds it; breaks between cells are in none. */
  private readonly strings: number[] = [];
  private readonly cells: Cell[] = [];

  constructor(private readonly json: string) {}

  addCell(number: number, source: JsonNode | undefined): void {
    const parts = source?.items ?? (source ? [source] : []);
    const start = this.text.length;
    this.cells.push({ number, start });
    let cell = "";
    for (const part of parts) {
      if (typeof part.value !== "string") continue;
      const string = part.start;
      for (const [char, at] of charactersOf(this.json, part)) {
        cell += char;
        this.places.push(at);
        this.strings.push(string);
      }
    }
    this.text += `${withoutMagic(cell)}\n\n`;
    const end = parts.at(-1)?.end ?? 0;
    this.places.push(end, end);
    this.strings.push(-1, -1);
  }

  placeOf(start: number, end: number): { start: number; end: number } {
    const last = Math.max(start, end - 1);
    const from = this.places[start] ?? this.json.length;
    return { start: from, end: Math.max(from, this.endOf(last)) };
  }

  /** Edits inside one string of the JSON, escaped as strings are. */
  editsOf(edits: readonly TextEdit[]): TextEdit[] | undefined {
    const mapped = edits.map(({ start, end, text }): TextEdit | undefined => {
      const string = this.strings[start];
      const isInside = string !== undefined && string >= 0 && (start === end || this.strings[end - 1] === string);
      if (!isInside) return undefined;
      const from = this.places[start] ?? 0;
      return { start: from, end: start === end ? from : this.endOf(end - 1), text: JSON.stringify(text).slice(1, -1) };
    });
    return mapped.every((edit) => edit !== undefined) ? mapped : undefined;
  }

  wordsFor({ start }: RawFinding): string {
    const cell = this.cells.findLast((each) => each.start <= start) ?? { number: 1, start: 0 };
    return `cell ${cell.number}, line ${this.text.slice(cell.start, start).split("\n").length}`;
  }

  /** The place behind a character: an escape takes more than one. */
  private endOf(at: number): number {
    const from = this.places[at] ?? this.json.length;
    if (this.json[from] !== "\\") return Math.min(from + 1, this.json.length);
    return from + (this.json[from + 1] === "u" ? 6 : 2);
  }
}

/** The characters of a string with their places in the JSON. */
function* charactersOf(json: string, { start, end }: JsonNode): Generator<[string, number]> {
  for (let at = start + 1; at < end - 1; ) {
    const length = json[at] !== "\\" ? 1 : json[at + 1] === "u" ? 6 : 2;
    yield [length === 1 ? (json[at] ?? "") : (JSON.parse(`"${json.slice(at, at + length)}"`) as string), at];
    at += length;
  }
}

/** The cell with the notebook's own commands (`%matplotlib`, `!ls`, `?name`) replaced by what does nothing. */
function withoutMagic(cell: string): string {
  const nothing = (line: string) => `...${" ".repeat(Math.max(0, line.length - 3))}`.slice(0, line.length);
  if (/^\s*%%(?!time|capture|prun)/.test(cell)) return cell.replace(/[^\n]/g, " ");
  return cell
    .replace(
      /^([ \t]*)(%{1,2}\w[^\n]*|![^\n]*|\?+[\w.]+|[\w.]+\?+[ \t]*)$/gm,
      (_, indent, line) => indent + nothing(line),
    )
    .replace(/^([ \t]*[\w, ]+=[ \t]*)([!%][^\n]*)$/gm, (_, before, line) => before + nothing(line));
}
