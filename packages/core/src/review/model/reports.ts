import { type LineRange, normaliseEdits, type ReportedFinding } from "../../ai/internal";
import { splitLines, type TextEdit } from "../../text/index";
import { isDuplicateFinding } from "./dedupe-findings";

/** The file under review. */
export type AskedFile = {
  path: string;
  text: string;
  hash: string;
  language: string;
  only?: LineRange[];
  shown?: LineRange;
};

/** A model's report, at lines that exist. `refusal` says why its fix does not apply. */
export type Report = Omit<ReportedFinding, "edits" | "start_line" | "end_line"> & {
  startLine: number;
  endLine: number;
  edits?: TextEdit[];
  refusal?: string;
};

/** Collects one file's reported findings: each once, keeping the fix that applies. */
export class Reports {
  readonly list: Report[] = [];
  private readonly lines: number;

  constructor(private readonly file: AskedFile) {
    this.lines = Math.max(1, splitLines(file.text).length);
  }

  /** Takes one; what it returns is to be told to the model: why it was not taken, or not with its fix. */
  take(finding: ReportedFinding): string | undefined {
    const { start_line: startLine, end_line: endLine, edits, ...said } = finding;
    if (endLine < startLine || endLine > this.lines) {
      return `Not recorded: the file has lines 1 to ${this.lines}, and lines ${startLine} to ${endLine} are none of them.`;
    }
    const isWanted = this.file.only?.some((range) => startLine <= range.endLine && endLine >= range.startLine) ?? true;
    if (!isWanted) return "Not recorded: it is not about the lines that were asked for.";
    const report: Report = { ...said, startLine, endLine, ...this.fixOf(edits) };
    this.keep(report);
    return report.refusal && `Recorded without its fix, which does not apply: ${report.refusal}`;
  }

  /** Those whose fix does not apply. */
  refused(): { title: string; refusal: string }[] {
    return this.list.flatMap(({ title, refusal }) => (refusal === undefined ? [] : [{ title, refusal }]));
  }

  private fixOf(edits: ReportedFinding["edits"]): Pick<Report, "edits" | "refusal"> {
    if (!edits) return {};
    const { path, text, hash, shown } = this.file;
    const normalised = normaliseEdits({ files: [{ path, text, hash, shown }], mayAddFiles: false }, edits);
    if (!normalised.ok) return { refusal: normalised.reason };
    const [own, ...others] = normalised.edits;
    if (!own || own.delete || others.length > 0) return { refusal: "a fix changes lines of the one file it is about" };
    return { edits: own.edits };
  }

  private keep(report: Report): void {
    const at = this.list.findIndex((known) => isDuplicateFinding(known, report));
    const known = this.list[at];
    if (!known) this.list.push(report);
    else if (!known.edits) {
      const { edits, refusal } = report;
      this.list[at] = { ...known, edits, refusal: edits ? undefined : refusal };
    }
  }
}
