import { SeverityCounts } from "../ui/severity";
import { countsText } from "./counts-text";
import { type ReviewStrip, totalCount } from "./page";

/** Summarizes the finished review's coverage and findings; details expand. */
export function CoverageStrip({ review }: { review: ReviewStrip }) {
  const { coverage, counts } = review;
  const count = (state: string) => coverage.filter((file) => file.state === state).length;
  const notWhole = coverage.filter((file) => file.state !== "covered");
  return (
    <details className="review-strip">
      <summary>
        <span>Reviewed v{review.version}</span>
        <span>
          {countsText([
            [count("covered"), "covered"],
            [count("partly"), "partially covered"],
            [count("skipped"), "skipped"],
          ])}
        </span>
        {totalCount(counts) > 0 ? <SeverityCounts counts={counts} /> : <span>No findings</span>}
        <span>
          {countsText([
            [review.new, "new"],
            [review.open, "still open"],
            [review.decided, "closed"],
            [review.resolved, "no longer found"],
          ])}
        </span>
        <span className="review-strip-more">Details</span>
      </summary>
      <div className="review-strip-body">
        {notWhole.length > 0 && (
          <ul aria-label="Partially covered">
            {notWhole.map((file) => (
              <li key={file.path}>
                <b>{file.path}</b> {file.state === "partly" ? "partially covered" : "skipped"}:{" "}
                {file.reason ?? "no reason given"}
              </li>
            ))}
          </ul>
        )}
        <table>
          <caption className="sr-only">Metrics by file</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Lines</th>
              <th scope="col">Lines of code</th>
              <th scope="col">Functions</th>
              <th scope="col">Max complexity</th>
              <th scope="col">Avg complexity</th>
              <th scope="col">Duplicated lines</th>
            </tr>
          </thead>
          <tbody>
            {coverage.map(({ path, metrics }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{metrics?.lines ?? "–"}</td>
                <td>{metrics?.codeLines ?? "–"}</td>
                <td>{metrics?.functions ?? "–"}</td>
                <td>{metrics?.complexityMax ?? "–"}</td>
                <td>{metrics ? metrics.complexityMean.toFixed(1) : "–"}</td>
                <td>{metrics?.duplicatedLines ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
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
