/** Both sides of every file that a diff changes: whole where the files before it are at hand, else the lines that it shows. */
import { applyEdits } from "../edits";
import { PatchRefused } from "../patch-refused";
import { ordersOf } from "./apply";
import type { Textless } from "./extended";
import { KnownLines, type KnownPart } from "./known-lines";
import { placeHunks } from "./place";
import { type DiffFile, type DiffText, readDiffText } from "./read";
import { type FileStep, resolveStep } from "./resolve";

/** `before` is null for a new file, `after` for a deleted one. With `parts`, only those lines of both are known. */
export type FileSides = {
  path: string;
  /** The path before, where it was another. */
  from?: string;
  status: "added" | "deleted" | "modified" | "renamed" | "copied";
  before: string | null;
  after: string | null;
  parts?: KnownPart[];
  oldMode?: string;
  newMode?: string;
  textless?: Textless;
};

/**
 * Returns the files that a diff in any dialect changes, by path; several commits in a row are composed. `base` holds files
 * as they were before, by path: as many as are at hand. Throws PatchRefused and DialectRefused, with the path where known.
 */
export function readSides(text: string, base: ReadonlyMap<string, string> = new Map()): FileSides[] {
  const diff = readDiffText(text, { listsTextless: true });
  let refused: unknown;
  for (const files of ordersOf(diff)) {
    try {
      return new SidesComposer(diff, base).compose(files);
    } catch (error) {
      if (!(error instanceof PatchRefused)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** A file between two diffs of a text. Either all of it is known, or the lines shown so far. */
type State = {
  origin: string | null;
  isCopied?: true;
  content: { before: string | null; now: string | null } | KnownLines;
  oldMode?: string;
  newMode?: string;
  textless?: Textless;
};

const UNNAMED = "unnamed.txt";

class SidesComposer {
  private readonly files = new Map<string, State>();
  private readonly gone = new Map<string, State>();

  constructor(
    private readonly diff: DiffText,
    private readonly base: ReadonlyMap<string, string>,
  ) {}

  compose(files: readonly DiffFile[]): FileSides[] {
    for (const file of files) {
      const step = this.resolve(file);
      try {
        this.run(file, step);
      } catch (error) {
        if (error instanceof PatchRefused) error.path ??= step.path;
        throw error;
      }
    }
    const all = [...this.gone, ...this.files].flatMap(([path, state]) => toSides(path, state));
    return all.sort((one, two) => (one.path < two.path ? -1 : one.path > two.path ? 1 : 0));
  }

  private resolve(file: DiffFile): FileStep {
    const exists = (path: string) =>
      this.files.has(path) || (this.baseText(path) !== undefined && !this.gone.has(path));
    const hasFolder = (folder: string) => [...this.base.keys()].some((path) => path.startsWith(`${folder}/`));
    const step = resolveStep(file, { exists, hasFolder, files: this.diff.files });
    const [only] = this.base.size === 1 ? this.base.keys() : [];
    return step ?? { kind: "edit", path: only ?? UNNAMED };
  }

  private run(file: DiffFile, step: FileStep): void {
    const { path } = step;
    const state = this.stateFor(step);
    if (file.modes?.old !== undefined) state.oldMode ??= file.modes.old;
    if (file.modes?.new !== undefined) state.newMode = file.modes.new;
    if (file.textless) state.textless = file.textless;
    if (file.hunks.length > 0) applyHunks(state, file);
    this.files.delete(path);
    if (step.kind === "delete") this.gone.set(path, deleted(state, file));
    else this.files.set(path, state);
  }

  private stateFor(step: FileStep): State {
    if (step.kind === "create") return this.created(step.path);
    if (!("source" in step)) return this.files.get(step.path) ?? this.open(step.path);
    const source = this.files.get(step.source) ?? this.open(step.source);
    if (step.kind === "copy") {
      const { content } = this.open(step.source);
      return {
        origin: step.source,
        isCopied: true,
        content: source.content instanceof KnownLines ? content : { ...source.content },
      };
    }
    this.files.delete(step.source);
    return source;
  }

  private open(path: string): State {
    const text = this.baseText(path);
    return { origin: path, content: text === undefined ? new KnownLines() : { before: text, now: text } };
  }

  /** Returns a file before the diff: at its path, else the only one at hand whose path ends as its does, or it as that. */
  private baseText(path: string): string | undefined {
    const exact = this.base.get(path);
    if (exact !== undefined) return exact;
    const endings = [...this.base.keys()].filter((each) => path.endsWith(`/${each}`) || each.endsWith(`/${path}`));
    return endings.length === 1 ? this.base.get(endings[0] as string) : undefined;
  }

  /** A file that an earlier diff of the text deleted keeps what it was. */
  private created(path: string): State {
    const former = this.gone.get(path);
    this.gone.delete(path);
    const content = former?.content;
    if (!former || !content || content instanceof KnownLines)
      return { origin: null, content: { before: null, now: "" } };
    return { ...former, content: { before: content.before, now: "" } };
  }
}

function applyHunks(state: State, file: DiffFile): void {
  const { content } = state;
  if (content instanceof KnownLines) content.apply(file.hunks);
  else content.now = applyEdits(content.now ?? "", placeHunks(content.now ?? "", file).edits);
}

/** A diff that deletes a file quotes all of it, so that it is known then. */
function deleted(state: State, file: DiffFile): State {
  const { content } = state;
  if (!(content instanceof KnownLines)) return { ...state, content: { before: content.before, now: null } };
  if (file.hunks.length === 0) return { ...state, content: { before: "", now: null } };
  return { ...state, content: { before: content.sides().before, now: null } };
}

function toSides(path: string, { origin, isCopied, content, oldMode, newMode, textless }: State): FileSides[] {
  const isKnown = content instanceof KnownLines;
  const { before, after, parts } = isKnown
    ? content.sides()
    : { before: content.before, after: content.now, parts: undefined };
  const isMoved = origin !== null && origin !== path;
  const isModeChanged = oldMode !== undefined && newMode !== undefined && oldMode !== newMode;
  if (before === after && !isMoved && !isModeChanged && !textless) return [];
  const status =
    before === null ? "added" : after === null ? "deleted" : !isMoved ? "modified" : isCopied ? "copied" : "renamed";
  return [
    {
      ...{ path, status, before, after },
      ...(isMoved && { from: origin }),
      ...(parts && { parts }),
      ...(oldMode && { oldMode }),
      ...(newMode && { newMode }),
      ...(textless && { textless }),
    },
  ];
}
