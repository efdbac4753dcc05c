import { createHash } from "node:crypto";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { differenceOf, type FileOnBothSides } from "../differences/internal";
import { LIMITS } from "../limits";
import { getText } from "../platform/blobs";
import type { Session } from "../sessions/schema";
import { type BaseProblem, matchWithBase } from "./base-match";
import { queryBaseReviews, type StoredBaseReview, writeBaseReview } from "./base-store";
import { BatchReviewer } from "./batch-reviewer";
import { type DifferenceCounts, type FileReview, type Finding, type GoneFinding, isNewHere } from "./schema";

type FileResult = { review: FileReview; now: Finding[] };

/** As which a file is reviewed of which only hunks are here: no grammar reads it, so only rules for any text do. */
const HUNKS_LANGUAGE = "text";

/**
 * The other side of a difference under review: each changed file of the base is reviewed once, by its content, and findings
 * that it has too are marked.
 */
export class BaseReview {
  private readonly gone: GoneFinding[] = [];
  private readonly engines: BatchReviewer;

  private constructor(
    private readonly session: Session,
    private readonly files: ReadonlyMap<string, FileOnBothSides>,
    private readonly known: ReadonlyMap<string, StoredBaseReview>,
  ) {
    const missing = [...files.values()].filter(({ after }) => after).flatMap((each) => this.baseEntry(each) ?? []);
    this.engines = new BatchReviewer(
      session.teamId,
      missing.filter((entry) => !this.stored(entry)),
      [],
      { withoutFixes: true },
    );
  }

  /** Returns undefined for a session that reviews no difference. */
  static async open(session: Session, codebase: Codebase): Promise<BaseReview | undefined> {
    const difference = await differenceOf(session, codebase);
    if (!difference) return undefined;
    const known = await queryBaseReviews(session.id);
    const byPath = new Map(difference.files.map((each) => [each.file.path, each]));
    return new BaseReview(session, byPath, new Map(known.map((each) => [each.path, each])));
  }

  /** Returns the files in the languages that they can be reviewed in. */
  reviewable = (tree: readonly TreeEntry[]): TreeEntry[] =>
    tree.map((entry) => (this.isPartial(entry.path) ? { ...entry, language: HUNKS_LANGUAGE } : entry));

  /** Marks the findings of a file that its base has too. */
  async compare(entry: TreeEntry, { review, now }: FileResult): Promise<FileResult> {
    const file = this.files.get(entry.path);
    const base = file && this.baseEntry(file);
    const own = now.map(({ onBase: _onBase, ...finding }) => finding);
    const said = this.isPartial(entry.path) ? hunksOnly(review) : review;
    if (!base) return { review: said, now: own };
    const problems = await this.problemsOf(base);
    const [before, after] = await Promise.all([this.text(base.hash), this.text(entry.hash)]);
    const { old, gone } = matchWithBase(own, problems, { before, after });
    this.gone.push(
      ...gone.map(({ rule, severity, title, startLine }) => ({ path: base.path, rule, severity, title, startLine })),
    );
    return {
      review: said,
      now: own.map((each) => (old.has(each.identity) ? { ...each, onBase: true as const } : each)),
    };
  }

  /** Counts the open findings against the base's. */
  counts(open: readonly Finding[]): DifferenceCounts {
    const fresh = open.filter(isNewHere).length;
    const listed = this.gone.slice(0, LIMITS.difference.maxGoneListed);
    return { new: fresh, old: open.length - fresh, gone: this.gone.length, listed };
  }

  private isPartial = (path: string): boolean => this.files.get(path)?.file.parts !== undefined;

  private text = (hash: string): Promise<string> => getText(this.session.teamId, hash);

  /** Returns a file's base by its name on the head, so that a renamed file's findings keep their identities. */
  private baseEntry({ file, before, after }: FileOnBothSides): TreeEntry | undefined {
    if (!before || !after) return undefined;
    return { ...before, path: file.path, language: file.parts ? HUNKS_LANGUAGE : after.language };
  }

  private stored({ path, hash, language }: TreeEntry): StoredBaseReview | undefined {
    const known = this.known.get(path);
    return known?.hash === hash && known.language === language ? known : undefined;
  }

  /** Returns the problems of a base file; null where they could not be found out. */
  private async problemsOf(base: TreeEntry): Promise<BaseProblem[] | null> {
    const known = this.stored(base);
    if (known) return known.problems;
    const { report } = await this.engines.of(base);
    const isKnown = !report.coverage.isFailed && report.coverage.state !== "skipped";
    const problems = report.problems.map(({ identity, rule, severity, title, startLine, endLine }) => ({
      ...{ identity, rule, severity, title, startLine, endLine },
    }));
    const { path, hash, language } = base;
    const key = createHash("sha256").update(path).digest("hex").slice(0, 24);
    await writeBaseReview({
      sessionId: this.session.id,
      key,
      path,
      hash,
      language,
      problems: isKnown ? problems : null,
    });
    return isKnown ? problems : null;
  }
}

const hunksOnly = (review: FileReview): FileReview => ({
  ...review,
  state: review.state === "skipped" ? "skipped" : "partly",
  reason: review.state === "skipped" ? review.reason : "only hunks of it are here",
});
