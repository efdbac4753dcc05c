import type { TreeEntry } from "../codebases/schema";
import { LIMITS } from "../limits";
import { getText } from "../platform/blobs";
import { type ReviewBatchResult, type ReviewedFile, reviewBatch, reviewerClient } from "../reviewer-client/index";
import { skipped, skipReason } from "../reviewers/index";
import type { DuplicateBlock, SourceFile } from "../reviewers/schema";

const BATCH_FILES = 10;
/** Some files of a thousand lines: the engines read the next ones while what was found in these is stored. */
const BATCH_BYTES = 128 * 1024;
/** The files of a session up to this much go with its last batch, so that no further call looks for what they repeat. */
const SEARCHED_BYTES = 1024 * 1024;

/**
 * Reviews the changed files of a version in batches, one ahead of the files that were asked for, and finds the code that
 * all of its files duplicate.
 */
export class BatchReviewer {
  /** Found with the last batch, when the files are few enough. */
  private found: DuplicateBlock[] | undefined;
  private readonly reviewed = new Map<string, ReviewedFile>();
  private waiting: TreeEntry[];
  private ahead: Promise<ReviewBatchResult> | undefined;

  private readonly searched: TreeEntry[];

  /** `changed` of the files in `tree`, in the order in which they will be asked for. */
  constructor(
    private readonly teamId: string,
    changed: readonly TreeEntry[],
    tree: readonly TreeEntry[],
    private readonly options: { withoutFixes?: true } = {},
  ) {
    this.searched = searchedForDuplicates(tree);
    this.waiting = changed.filter((entry) => !isTooLarge(entry));
  }

  async of(entry: TreeEntry): Promise<ReviewedFile> {
    if (isTooLarge(entry)) return this.skipped(entry);
    while (!this.reviewed.has(entry.path)) await this.reviewNext();
    return this.reviewed.get(entry.path) as ReviewedFile;
  }

  /** Returns the code that the files duplicate. To be called once all are reviewed. */
  async duplicates(): Promise<DuplicateBlock[]> {
    if (this.found) return this.found;
    const files = await Promise.all(this.searched.map((entry) => this.fileOf(entry)));
    return (await reviewerClient.duplication(files)).blocks;
  }

  /** Returns what the engines would report, for a file that may not fit into a request to them. */
  private async skipped(entry: TreeEntry): Promise<ReviewedFile> {
    const file = await this.fileOf(entry);
    return { report: skipped(file, skipReason(file.text) ?? ""), isWhole: true, proven: [] };
  }

  private async reviewNext(): Promise<void> {
    const { reviewed, duplication } = await (this.ahead ?? this.requestNext());
    if (reviewed.length === 0) throw new Error("The engines reviewed none of the files.");
    for (const each of reviewed) this.reviewed.set(each.report.path, each);
    this.waiting = this.waiting.slice(reviewed.length);
    this.found = duplication?.blocks;
    this.ahead = this.waiting.length > 0 ? this.requestNext() : undefined;
    // Whoever asks for its files hears of a failure; after a review that failed, nobody does.
    this.ahead?.catch(() => undefined);
  }

  private async requestNext(): Promise<ReviewBatchResult> {
    const batch = this.nextBatch();
    const isLast = batch.length === this.waiting.length && sizeOfEntries(this.searched) <= SEARCHED_BYTES;
    const files = await Promise.all(batch.map((entry) => this.fileOf(entry)));
    const duplicatesIn = isLast ? await Promise.all(this.searched.map((each) => this.inBatch(batch, each))) : undefined;
    return reviewBatch({ files, duplicatesIn, ...this.options });
  }

  private nextBatch(): TreeEntry[] {
    const batch = this.waiting.slice(0, 1);
    for (const entry of this.waiting.slice(1, BATCH_FILES)) {
      if (sizeOfEntries(batch) + entry.size > BATCH_BYTES) break;
      batch.push(entry);
    }
    return batch;
  }

  private inBatch(batch: TreeEntry[], entry: TreeEntry): Promise<SourceFile> | string {
    return batch.some(({ path }) => path === entry.path) ? entry.path : this.fileOf(entry);
  }

  private async fileOf({ path, hash, language }: TreeEntry): Promise<SourceFile> {
    return { path, language, text: await getText(this.teamId, hash) };
  }
}

const isTooLarge = ({ size }: TreeEntry) => size > LIMITS.review.maxFileBytes;

const sizeOfEntries = (entries: readonly TreeEntry[]) => entries.reduce((sum, { size }) => sum + size, 0);

const MAX_SEARCHED_CHARS = 4_000_000;

/** Returns the files to search for duplicated code, without those that would make the request too large. */
function searchedForDuplicates(tree: readonly TreeEntry[]): TreeEntry[] {
  let room = MAX_SEARCHED_CHARS;
  return tree.filter(({ size }) => {
    if (size > Math.min(LIMITS.review.maxFileBytes, room)) return false;
    room -= size;
    return true;
  });
}
