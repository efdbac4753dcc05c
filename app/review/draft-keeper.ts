import { Backoff } from "@redline/core/backoff";
import { newChangeId } from "@redline/core/changes/schema";
import type { ReviewActionResult } from "./actions";
import type { LocalDraft, LocalDrafts } from "./local-drafts";

/**
 * The keeper's server interface. Methods throw `RequestFailed`: `isOffline` when the server wasn't reached,
 * `isTemporary` when it couldn't store anything at that moment.
 */
export type DraftPort = {
  putDraft: (draft: { draftId: string; base: number; files: DraftFile[] }) => Promise<void>;
  dropDraft: (draftId: string) => Promise<void>;
  save: (act: { changeId: string; draftId: string; base: number; files: DraftFile[] }) => Promise<ReviewActionResult>;
};

export type DraftFile = { path: string; text: string };

export type DraftState = {
  status: "saved" | "saving" | "draft" | "offline";
  /** Number of draft updates not yet sent to the server. */
  unsent: number;
  paths: readonly string[];
  /** Incremented when a text changes outside the editor. */
  revision: number;
  /** The version created by the latest save. */
  version?: number;
  /** The last attempt's error, other than being offline. */
  problem?: string;
};

type Settings = {
  sessionId: string;
  draftId: string;
  port: DraftPort;
  local: Pick<LocalDrafts, "put" | "remove">;
  onState: (state: DraftState) => void;
};

const LOCAL_AFTER_MS = 250;
const SERVER_AFTER_MS = 1_000;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/**
 * Keeps a tab's edits: in the browser and as a draft on the server when typing pauses, and as a version when saved.
 * Unsent updates are sent when the server is reachable again; a save keeps its id until it gets a response, so that
 * resending is idempotent.
 */
export class DraftKeeper {
  readonly #settings: Settings;
  readonly #texts = new Map<string, string>();
  readonly #unread = new Map<string, () => string>();
  #base = 0;
  #pendingSave: { changeId: string; base: number; files: DraftFile[] } | undefined;
  #state: DraftState = { status: "saved", unsent: 0, paths: [], revision: 0 };
  #localTimer: ReturnType<typeof setTimeout> | undefined;
  #serverTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #backoff = new Backoff(RETRY_MIN_MS, RETRY_MAX_MS);
  #sending: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get state(): DraftState {
    return this.#state;
  }

  textOf(path: string): string | undefined {
    return this.#unread.get(path)?.() ?? this.#texts.get(path);
  }

  /** Records an edit based on version `head`; `read` is called when typing pauses. */
  edit(path: string, head: number, read: () => string): void {
    if (this.#texts.size === 0 && this.#unread.size === 0) this.#base = head;
    this.#unread.set(path, read);
    this.#set({ status: this.#state.status === "offline" ? "offline" : "draft", problem: undefined });
    clearTimeout(this.#localTimer);
    clearTimeout(this.#serverTimer);
    this.#localTimer = setTimeout(() => void this.#keepLocally(), LOCAL_AFTER_MS);
    this.#serverTimer = setTimeout(() => {
      this.#set({ unsent: this.#state.unsent + 1 });
      void this.#send(() => this.#putDraft());
    }, SERVER_AFTER_MS);
  }

  /** Adopts a draft stored elsewhere or earlier. */
  adopt(draft: Pick<LocalDraft, "base" | "files" | "pendingSave">): void {
    this.#base = draft.base;
    this.#texts.clear();
    this.#unread.clear();
    for (const { path, text } of draft.files) this.#texts.set(path, text);
    this.#set({ status: "draft", unsent: 1, revision: this.#state.revision + 1 });
    if (draft.pendingSave) this.#pendingSave = { changeId: draft.pendingSave, base: this.#base, files: draft.files };
    void this.#send(() => (this.#pendingSave ? this.#save() : this.#putDraft()));
  }

  /**
   * Saves the edits as a version. Null when there are none. Rethrows the port's errors and keeps the edits; when
   * offline the save is resent on reconnect.
   */
  async save(): Promise<ReviewActionResult | null> {
    this.#read();
    if (this.#texts.size === 0) return null;
    clearTimeout(this.#serverTimer);
    const result = await this.#send(() => this.#save(), true);
    return result ?? null;
  }

  /** Discards the draft in the browser and on the server. */
  async discard(): Promise<void> {
    this.#forget();
    this.#set({ revision: this.#state.revision + 1 });
    await this.#settings.local.remove(this.#settings.sessionId, this.#settings.draftId);
    await this.#settings.port.dropDraft(this.#settings.draftId);
  }

  /** Retries immediately when offline. */
  retry(): void {
    if (this.#state.status !== "offline") return;
    this.#backoff.reset();
    this.#sendAgain();
  }

  /** Stores the edits in the browser and stops; unsent ones are adopted by the tab's next keeper. */
  async close(): Promise<void> {
    clearTimeout(this.#localTimer);
    clearTimeout(this.#serverTimer);
    if (this.#unread.size > 0) {
      await this.#keepLocally();
      await this.#putDraft().catch(() => {});
    }
  }

  async #save(): Promise<ReviewActionResult> {
    const { draftId, port } = this.#settings;
    this.#read();
    this.#pendingSave ??= { changeId: newChangeId(), base: this.#base, files: this.#files() };
    await this.#keepLocally();
    this.#set({ status: "saving" });
    const sent = this.#pendingSave;
    const result = await port.save({ ...sent, draftId });
    this.#pendingSave = undefined;
    if (result.outcome === "conflict") {
      this.#set({ status: "draft", unsent: 0 });
      return result;
    }
    this.#read();
    if (result.version !== undefined) this.#set({ version: result.version });
    for (const { path, text } of sent.files) if (this.#texts.get(path) === text) this.#texts.delete(path);
    if (this.#texts.size === 0) {
      this.#forget();
      await this.#settings.local.remove(this.#settings.sessionId, draftId);
    } else {
      // Text typed meanwhile is based on the saved version, unless another user's edits came in between.
      if (!result.merged && result.version !== undefined) this.#base = result.version;
      this.#set({ status: "draft", unsent: 1 });
      await this.#putDraft();
    }
    return result;
  }

  async #putDraft(): Promise<undefined> {
    await this.#keepLocally();
    if (this.#texts.size === 0) return;
    const { unsent } = this.#state;
    await this.#settings.port.putDraft({ draftId: this.#settings.draftId, base: this.#base, files: this.#files() });
    this.#backoff.reset();
    this.#set({ status: "draft", unsent: Math.max(0, this.#state.unsent - unsent), problem: undefined });
  }

  #sendAgain(): void {
    void this.#send(() => (this.#pendingSave ? this.#save() : this.#putDraft()));
  }

  #sendAgainLater(): void {
    clearTimeout(this.#serverTimer);
    this.#serverTimer = setTimeout(() => this.#sendAgain(), this.#backoff.nextMs());
  }

  /**
   * Sends one request at a time. When offline it is retried; another failure is reported and the edits stay in the
   * browser: the user repeats a save, and the draft is resent if the failure is temporary.
   */
  #send<Result>(act: () => Promise<Result>, isRequested = false): Promise<Result | undefined> {
    const sent = this.#sending.then(act).catch((error: unknown) => {
      const isOffline = error instanceof Error && "isOffline" in error && error.isOffline === true;
      if (isOffline) {
        this.#set({ status: "offline", unsent: Math.max(1, this.#state.unsent) });
        this.#sendAgainLater();
      } else {
        this.#pendingSave = undefined;
        this.#set({ status: "draft", problem: error instanceof Error ? error.message : String(error) });
        if (error instanceof Error && "isTemporary" in error && error.isTemporary === true) this.#sendAgainLater();
      }
      if (isRequested) throw error;
      return undefined;
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  async #keepLocally(): Promise<void> {
    this.#read();
    if (this.#texts.size === 0) return;
    const { sessionId, draftId } = this.#settings;
    const pendingSave = this.#pendingSave?.changeId;
    const savedAt = new Date().toISOString();
    await this.#settings.local.put({
      sessionId,
      draftId,
      base: this.#base,
      files: this.#files(),
      pendingSave,
      savedAt,
    });
  }

  #read(): void {
    for (const [path, read] of this.#unread) this.#texts.set(path, read());
    this.#unread.clear();
  }

  #files(): DraftFile[] {
    return [...this.#texts].map(([path, text]) => ({ path, text }));
  }

  #forget(): void {
    clearTimeout(this.#localTimer);
    clearTimeout(this.#serverTimer);
    this.#texts.clear();
    this.#unread.clear();
    this.#pendingSave = undefined;
    this.#set({ status: "saved", unsent: 0, problem: undefined });
  }

  #set(change: Partial<DraftState>): void {
    const typed = [...new Set([...this.#texts.keys(), ...this.#unread.keys()])].sort();
    const before = this.#state;
    const paths = typed.join("\n") === before.paths.join("\n") ? before.paths : typed;
    const next = { ...before, ...change, paths };
    // Most characters change none of it, and each listener would render the whole page for each.
    if ((Object.keys(next) as (keyof DraftState)[]).every((name) => next[name] === before[name])) return;
    this.#state = next;
    this.#settings.onState(next);
  }
}
