import { SeverityCounts, SeverityLegend } from "../ui/severity";
import { countsText } from "./counts-text";
import { CoverageGaps, coverageText, describeGaps } from "./coverage-gaps";
import { type ReviewStrip, totalCount } from "./page";

/** Summarizes the finished review's coverage and findings; details expand. */
export function CoverageStrip({ review }: { review: ReviewStrip }) {
  const { coverage, counts } = review;
  const covered = coverageText(coverage);
  const { difference } = review;
  const changed = difference
    ? countsText([
        [difference.new, "new"],
        [difference.old, "old here"],
        [difference.gone, "gone"],
        [review.decided, "closed"],
      ])
    : countsText([
        [review.new, "new"],
        [review.back, "back"],
        [review.open, "still open"],
        [review.decided, "closed"],
        [review.resolved, "no longer found"],
      ]);
  return (
    <details className="review-strip">
      <summary>
        <span>Reviewed v{review.version}</span>
        <span className="on-wide" title={describeGaps(coverage)}>
          {covered}
        </span>
        {totalCount(counts) > 0 ? <SeverityCounts counts={counts} /> : <span>No findings</span>}
        <span className="on-wide">{changed}</span>
        <span className="review-strip-more">Details</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields */}
      <div className="review-strip-body" tabIndex={0} role="group" aria-label="Details of the review">
        <p className="on-phone">{[covered, changed].filter(Boolean).join(" · ")}</p>
        <SeverityLegend />
        {difference && difference.gone > 0 && (
          <ul aria-label="Gone since the base">
            {difference.listed.map(({ path, startLine, title, rule }) => (
              <li key={`${path} ${startLine} ${rule}`}>
                Gone: <b>{path}</b>, line {startLine} of the base: {title}
              </li>
            ))}
          </ul>
        )}
        <CoverageGaps label="Partially covered" files={coverage} />
        <MetricsTable coverage={coverage} />
        {review.duplicates.length > 0 && (
          <ul aria-label="Duplicated code">
            {review.duplicates.slice(0, 20).map(({ lines, places }) => (
              <li key={places.join()}>
                {lines} lines repeated: {places.join(", ")}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}

type Metrics = NonNullable<ReviewStrip["coverage"][number]["metrics"]>;

const COLUMNS: readonly { name: string; read: (metrics: Metrics) => number; digits?: number }[] = [
  { name: "Lines", read: ({ lines }) => lines },
  { name: "Lines of code", read: ({ codeLines }) => codeLines },
  { name: "Functions", read: ({ functions }) => functions },
  { name: "Max complexity", read: ({ complexityMax }) => complexityMax },
  { name: "Avg complexity", read: ({ complexityMean }) => complexityMean, digits: 1 },
  { name: "Duplicated lines", read: ({ duplicatedLines }) => duplicatedLines },
];

/** Lists the files' metrics, without those that are zero everywhere. */
function MetricsTable({ coverage }: Pick<ReviewStrip, "coverage">) {
  const columns = COLUMNS.filter(({ read }) => coverage.some(({ metrics }) => metrics && read(metrics) > 0));
  return (
    <table>
      <caption className="sr-only">Metrics by file</caption>
      <thead>
        <tr>
          <th scope="col">File</th>
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {coverage.map(({ path, metrics }) => (
          <tr key={path}>
            <th scope="row">{path}</th>
            {columns.map(({ name, read, digits = 0 }) => (
              <td key={name}>{metrics && read(metrics) > 0 ? read(metrics).toFixed(digits) : "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
