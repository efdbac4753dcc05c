/** A work tree and a session in memory, with everything that may happen to them between any two steps of what keeps them alike. */
import type {
  SentFile,
  Session,
  SyncEvent,
  Text,
  Tree,
  TreeFile,
  TreeState,
} from "../../../packages/cli/src/sync/ports";
import type { Random } from "../../support/random";

type Files = Map<string, string>;

/** The process was killed; what it keeps on disk is all that is left of it. */
export class Killed extends Error {}

const PATHS = ["a.ts", "b.ts", "c.ts"];
const textOf = (files: ReadonlyMap<string, string>, path: string): Text => files.get(path) ?? null;
const tokensOf = (text: Text): string[] => text?.match(/(?:disk|session)-\d+/g) ?? [];
const isOfDisk = (token: string): boolean => token.startsWith("disk");

export class WorkTreeModel implements Tree, Session {
  readonly isFollowed = true;
  readonly events: SyncEvent[] = [];
  private branch = 0;
  private readonly branches: Files[];
  disk: Files;
  private readonly versions: Files[] = [];
  private tokens = 0;
  /** Each token of the session that the disk had at some time. */
  private readonly reached = new Set<string>();
  /** Switched off while both sides come to rest. */
  isQuiet = false;

  constructor(
    private readonly random: Random,
    lines: number,
  ) {
    const text = (path: string) => Array.from({ length: lines }, (_, at) => `${path} ${at}\n`).join("");
    const main = new Map(PATHS.map((path) => [path, text(path)]));
    const topic = new Map(main).set("b.ts", `topic\n${main.get("b.ts")}`);
    this.branches = [main, topic];
    this.disk = new Map(main);
    this.edit();
    this.reach();
  }

  say = (event: SyncEvent): void => void this.events.push(event);

  get version(): number {
    return this.versions.length;
  }

  /** The first head, as the command line creates the session with it. */
  create(files: readonly SentFile[]): number {
    this.versions.push(new Map(), filesOf(files));
    return this.version;
  }

  textAt(version: number, path: string): Promise<Text> {
    return Promise.resolve(textOf(this.versions[version - 1] ?? new Map(), path));
  }

  async changesAfter(version: number) {
    this.happen();
    const [before, now] = [this.versions[version - 1] ?? new Map<string, string>(), this.head];
    const paths = [...new Set([...before.keys(), ...now.keys()])];
    const files = paths
      .filter((path) => before.get(path) !== now.get(path))
      .map((path) => ({ path, text: textOf(now, path) }));
    return { version: this.version, isTrashed: false, files };
  }

  async addHead(after: number, _: unknown, files: SentFile[]): Promise<number | undefined> {
    this.happen();
    if (after !== this.version) return undefined;
    const next = filesOf(files);
    for (const [path, text] of this.head) this.requireKept(path, text, next);
    this.versions.push(next);
    if (this.random.chance(0.02) && !this.isQuiet) throw new Killed();
    return this.version;
  }

  async read(others: readonly string[]): Promise<TreeState> {
    this.happen();
    const paths = [...new Set([...this.base.keys(), ...this.disk.keys(), ...others])].sort();
    const files = paths.map((path): TreeFile => {
      const disk = textOf(this.disk, path);
      return { path, before: textOf(this.base, path), head: disk, disk };
    });
    const isChanged = ({ before, head }: TreeFile) => before !== head;
    return {
      base: JSON.stringify([...this.base]),
      source: { kind: "git", range: "HEAD" },
      files: files.filter(isChanged),
      others: files.filter((file) => !isChanged(file) && others.includes(file.path)),
    };
  }

  write(path: string, expected: Text, text: Text) {
    this.happen();
    const before = textOf(this.disk, path);
    if (before !== expected) return { outcome: "changed" as const };
    const kept = tokensOf(text);
    const lost = tokensOf(before).filter((token) => isOfDisk(token) && !kept.includes(token));
    if (text !== null && lost.length > 0) throw new Error(`${path} lost ${lost} of the disk`);
    if (text === null) this.disk.delete(path);
    else this.disk.set(path, text);
    this.reach();
    if (this.random.chance(0.02) && !this.isQuiet) throw new Killed();
    return { outcome: "written" as const };
  }

  /** Files that neither side may go on having otherwise, unless it was said why. */
  get unlike(): string[] {
    const said = new Set(this.events.flatMap((event) => (event.kind === "conflict" ? [event.path] : [])));
    const paths = [...new Set([...this.head.keys(), ...this.disk.keys()])];
    return paths.filter((path) => {
      const [session, disk] = [textOf(this.head, path), textOf(this.disk, path)];
      return session !== disk && disk !== textOf(this.base, path) && !said.has(path);
    });
  }

  private get head(): Files {
    return this.versions.at(-1) ?? new Map();
  }

  private get base(): Files {
    return this.branches[this.branch] as Files;
  }

  /** What the session had and a head does not have was on disk once, or was said to be left. */
  private requireKept(path: string, text: string, next: Files): void {
    const there = tokensOf(textOf(next, path));
    const lost = tokensOf(text).filter((token) => !there.includes(token) && !this.reached.has(token));
    const isLeft = this.events.some((event) => event.kind === "left" && event.path === path);
    if (lost.length > 0 && !isLeft) throw new Error(`${path} lost ${lost} of the session`);
  }

  private reach(): void {
    for (const text of this.disk.values()) for (const token of tokensOf(text)) this.reached.add(token);
  }

  private happen(): void {
    if (this.isQuiet || !this.random.chance(0.4)) return;
    const does = [
      this.edit,
      this.edit,
      this.accept,
      this.accept,
      this.accept,
      this.undo,
      this.delete,
      this.switch,
      this.commit,
    ];
    this.random.pick(does).call(this);
    this.reach();
    if (this.random.chance(0.03)) throw new Killed();
  }

  private insertInto(text: string, who: "disk" | "session"): string {
    const lines = text.split(/(?<=\n)/);
    lines.splice(this.random.below(lines.length + 1), 0, `${who}-${this.tokens++}\n`);
    return lines.join("");
  }

  private edit(): void {
    const path = this.random.pick(this.random.chance(0.1) ? ["new.ts"] : PATHS);
    this.disk.set(path, this.insertInto(this.disk.get(path) ?? "", "disk"));
  }

  private delete(): void {
    if (this.random.chance(0.2)) this.disk.delete(this.random.pick(PATHS));
  }

  private accept(): void {
    const [path] = [...this.head.keys()].sort(() => this.random.next() - 0.5);
    if (path === undefined) return;
    const next = new Map(this.head);
    if (this.random.chance(0.05)) next.delete(path);
    else next.set(path, this.insertInto(this.head.get(path) ?? "", "session"));
    this.versions.push(next);
  }

  private undo(): void {
    const [before, now] = [this.versions.at(-2), this.versions.at(-1)];
    if (!before || !now) return;
    const next = new Map(now);
    for (const [path, text] of now) {
      const old = before.get(path);
      if (
        old !== undefined &&
        tokensOf(text)
          .filter(isOfDisk)
          .every((token) => old.includes(token))
      )
        next.set(path, old);
    }
    this.versions.push(next);
  }

  /** As `git switch`: what is not committed is carried, or nothing is done. */
  private switch(): void {
    const target = this.branches[1 - this.branch] as Files;
    const changed = [...new Set([...this.base.keys(), ...this.disk.keys()])].filter(
      (path) => this.disk.get(path) !== this.base.get(path),
    );
    if (changed.some((path) => this.base.get(path) !== target.get(path))) return;
    const carried = changed.map((path) => [path, this.disk.get(path)] as const);
    this.branch = 1 - this.branch;
    this.disk = new Map(target);
    for (const [path, text] of carried) {
      if (text === undefined) this.disk.delete(path);
      else this.disk.set(path, text);
    }
  }

  private commit(): void {
    if (this.random.chance(0.3)) this.branches[this.branch] = new Map(this.disk);
  }
}

const filesOf = (files: readonly SentFile[]): Files =>
  new Map(files.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])));
