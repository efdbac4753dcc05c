/**
 * Keeps a work tree and a session alike. What is edited on disk becomes the session's next head; what the session changes is
 * written to the files, if these are what it was made of, else merged with what they have become. Neither side loses anything:
 * what can't be merged stays on both as it is.
 */
import { decide } from "./decide";
import { type Known, type StoredKnowledge, sentAs, textOf } from "./known";
import type { SentFile, Session, SyncEvent, Text, Tree, TreeFile, TreeState } from "./ports";

/** Somebody goes on changing one of the sides; the next look has the rest. */
const ROUNDS = 20;

export class SyncEngine {
  /** True while git is in the middle of something: nothing tells the end of it. */
  isBusy = false;
  private version = 0;
  private base: string | undefined;
  private readonly known = new Map<string, Known>();
  private readonly session = new Map<string, Text>();
  private sent = new Map<string, string>();
  /** What was said last of a file, so that it is said once. */
  private readonly said = new Map<string, string>();

  constructor(
    private readonly tree: Tree,
    private readonly api: Session,
    private readonly say: (event: SyncEvent) => void,
    /** Keeps what the next run has to know. */
    private readonly keep: (knowledge: StoredKnowledge) => void = () => undefined,
  ) {}

  /** The version that the session had at the last look. */
  get lastVersion(): number {
    return this.version;
  }

  /** Takes up a session whose last head is what `files` say. */
  begin(version: number, { base }: TreeState, files: readonly SentFile[]): void {
    this.base = base;
    this.given(version, files, new Set());
    this.keep(this.knowledge);
  }

  /** Takes up where an earlier run ended. */
  async resume(stored: StoredKnowledge): Promise<void> {
    const all = await this.api.changesAfter(0);
    const later = await this.api.changesAfter(stored.version);
    // Both have to be of the same version.
    if (later.version !== all.version) return this.resume(stored);
    this.known.clear();
    this.session.clear();
    for (const { path, text } of all.files) this.session.set(path, text);
    for (const [path, text] of this.session) this.known.set(path, { text, version: stored.version });
    const changed = later.files.map(({ path }) => [path, stored.version] as const);
    for (const [path, version] of [...changed, ...Object.entries(stored.behind)]) {
      this.known.set(path, { text: await this.api.textAt(version, path), version });
    }
    for (const { path, text } of later.files) this.session.set(path, text);
    this.version = later.version;
    this.base = stored.base;
    this.sent = new Map(Object.entries(stored.sent));
  }

  private get knowledge(): StoredKnowledge {
    const behind = [...this.known].filter(([path, { text }]) => this.session.get(path) !== text);
    return {
      version: this.version,
      base: this.base ?? "",
      behind: Object.fromEntries(behind.map(([path, { version }]) => [path, version])),
      sent: Object.fromEntries(this.sent),
    };
  }

  /** Looks at both sides and makes them alike, as far as that goes. Returns false once the session is in the trash. */
  async sync(): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round++) {
      if (!(await this.look())) return false;
      const state = await this.tree.read([...new Set([...this.session.keys(), ...this.known.keys()])]);
      for (const path of state.skipped ?? []) this.sayOnce(path, "skipped", { kind: "skipped", path });
      this.isBusy = state.busy !== undefined;
      if (state.busy) {
        this.sayOnce("", `busy ${state.busy}`, { kind: "busy", operation: state.busy });
        return true;
      }
      const isWritten = this.writeBack(state);
      if (isWritten) continue;
      if (await this.giveHead(state)) return true;
    }
    return true;
  }

  private async look(): Promise<boolean> {
    const { version, isTrashed, files } = await this.api.changesAfter(this.version);
    for (const { path, text } of files) this.session.set(path, text);
    this.version = version;
    if (isTrashed) this.sayOnce("", "trashed", { kind: "trashed" });
    return !isTrashed;
  }

  private isMoved(state: TreeState): boolean {
    return this.base !== undefined && this.base !== state.base;
  }

  /** Gives the disk what the session changed. Returns whether it has to be looked at again. */
  private writeBack(state: TreeState): boolean {
    let isAnyWritten = false;
    for (const file of [...state.files, ...state.others]) {
      const { path, disk } = file;
      const session = this.session.get(path);
      const decision = decide({ known: textOf(this.known, path), session, disk });
      if (decision.kind === "none") {
        // The disk has it already, whoever wrote it.
        if (session !== undefined && session === disk) this.learn(path);
        continue;
      }
      if (this.isMoved(state) && (decision.kind === "conflict" || decision.isMerged)) {
        this.leave(path);
      } else if (decision.kind === "conflict") this.sayConflict(file, decision.reason);
      else isAnyWritten = this.write(file, decision) || isAnyWritten;
    }
    if (isAnyWritten) this.keep(this.knowledge);
    return isAnyWritten;
  }

  private write({ path, disk }: TreeFile, { text, isMerged }: { text: Text; isMerged: boolean }): boolean {
    const result = this.tree.write(path, disk ?? null, text);
    if (result.outcome === "refused") this.sayConflict({ path }, result.reason);
    if (result.outcome !== "written") return result.outcome === "changed";
    this.learn(path);
    this.said.delete(path);
    this.say({ kind: "written", path, isMerged, version: this.version });
    return true;
  }

  /** The disk has what the session has. */
  private learn(path: string): void {
    this.known.set(path, { text: this.session.get(path) ?? null, version: this.version });
  }

  /** The work tree was moved under what was not written yet: it stays in the session's history. */
  private leave(path: string): void {
    this.say({ kind: "left", path, version: this.version });
    this.learn(path);
  }

  private sayConflict({ path }: { path: string }, reason: string): void {
    const event = { kind: "conflict", path, version: this.version, reason } as const;
    this.sayOnce(path, `${reason} ${this.session.get(path)}`, event);
  }

  private sayOnce(about: string, what: string, event: SyncEvent): void {
    if (this.said.get(about) === what) return;
    this.said.set(about, what);
    this.say(event);
  }

  /** Gives the session what the disk has otherwise. Returns false where the session was changed meanwhile. */
  private async giveHead(state: TreeState): Promise<boolean> {
    const isMoved = this.isMoved(state);
    const waiting = new Set([...state.files, ...state.others].filter((file) => this.isWaiting(file)).map(pathOf));
    const kept = this.keptOf(state, waiting, isMoved);
    const files = [...state.files, ...kept].map((file) => this.sentOf(file, waiting));
    if (files.length === 0) {
      this.sayOnce("", "clean", { kind: "clean", source: state.source });
      return true;
    }
    this.said.delete("");
    if (!isMoved && !this.isNew(state, files, new Set(kept.map(pathOf)))) return true;
    const version = await this.api.addHead(this.version, state.source, files);
    if (version === undefined) return false;
    if (!this.tree.isFollowed) for (const path of waiting) this.leave(path);
    this.given(version, files, this.tree.isFollowed ? waiting : new Set());
    this.base = state.base;
    this.keep(this.knowledge);
    this.say({ kind: "head", version, files: files.length, isMoved, source: state.source });
    return true;
  }

  /** Whether the session has a change of the file that the disk could not be given. */
  private isWaiting({ path, disk }: TreeFile): boolean {
    const session = this.session.get(path);
    return decide({ known: textOf(this.known, path), session, disk }).kind !== "none";
  }

  /** Files that differ no more on disk: those that wait, and those that the session itself made equal to the base. */
  private keptOf({ others }: TreeState, waiting: ReadonlySet<string>, isMoved: boolean): TreeFile[] {
    if (!this.tree.isFollowed) return [];
    return others.filter(
      ({ path, disk }) => waiting.has(path) || (!isMoved && disk != null && this.session.get(path) === disk),
    );
  }

  /** A file of the next head. What waits stays as the session has it. */
  private sentOf({ head, disk: _, ...file }: TreeFile, waiting: ReadonlySet<string>): SentFile {
    const isHeld = waiting.has(file.path) && this.tree.isFollowed;
    return { ...file, after: isHeld ? (this.session.get(file.path) ?? null) : head };
  }

  private isNew({ others }: TreeState, files: readonly SentFile[], kept: ReadonlySet<string>): boolean {
    const { isFollowed } = this.tree;
    const isOther = (file: SentFile) =>
      (!kept.has(file.path) && this.sent.get(file.path) !== sentAs(file, isFollowed)) ||
      (isFollowed && file.textless === undefined && (this.session.get(file.path) ?? null) !== file.after);
    const paths = new Set(files.map(pathOf));
    // A file that the session itself deleted is not missed.
    const deleted = new Set(
      others.filter(({ path, disk }) => disk === null && this.session.get(path) === null).map(pathOf),
    );
    const isGone = (path: string) => !paths.has(path) && !deleted.has(path);
    return files.some(isOther) || [...this.sent.keys()].some(isGone);
  }

  /** The session's files are those of a head now. */
  private given(version: number, files: readonly SentFile[], waiting: ReadonlySet<string>): void {
    this.version = version;
    const kept = new Map([...this.known].filter(([path]) => waiting.has(path)));
    this.known.clear();
    this.session.clear();
    this.sent = new Map(files.map((file) => [file.path, sentAs(file, this.tree.isFollowed)]));
    for (const { path, from, after, textless } of files) {
      if (textless === undefined) this.session.set(path, after);
      if (textless === undefined) this.known.set(path, kept.get(path) ?? { text: after, version });
      // A renamed file is not at its old place.
      if (from !== undefined && !this.session.has(from)) this.known.set(from, { text: null, version });
      if (from !== undefined && !this.session.has(from)) this.session.set(from, null);
    }
  }
}

const pathOf = ({ path }: { path: string }): string => path;
