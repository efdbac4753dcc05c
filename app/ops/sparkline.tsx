type Period = { calls: number; failures: number };

const BAR = 6;
const GAP = 2;
const HEIGHT = 20;

/** Draws the last hour's calls per five minutes, with failures in red at the bottom. */
export function Sparkline({ periods }: { periods: Period[] }) {
  const most = Math.max(1, ...periods.map(({ calls, failures }) => Math.max(calls, failures)));
  const height = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  const width = periods.length * (BAR + GAP) - GAP;
  return (
    <svg
      role="img"
      aria-label={describePeriods(periods)}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className="inline-block align-middle"
    >
      {periods.map(({ calls, failures }, at) => {
        const place = { x: at * (BAR + GAP), width: BAR };
        const [all, bad] = [height(calls), height(failures)];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <g key={at}>
            <rect {...place} y={HEIGHT - 1} height={1} className="fill-rule" />
            <rect {...place} y={HEIGHT - all} height={all} className="fill-edge" />
            <rect {...place} y={HEIGHT - bad} height={bad} className="fill-removed" />
          </g>
        );
      })}
    </svg>
  );
}

function describePeriods(periods: Period[]): string {
  const calls = periods.map((period) => period.calls);
  const failures = periods.map((period) => period.failures);
  if (Math.max(...calls, ...failures) === 0) return "No calls in the last hour";
  const failed = Math.max(...failures) === 0 ? "none failed" : `failed: ${failures.join(", ")}`;
  return `Calls per five minutes, oldest first: ${calls.join(", ")}; ${failed}`;
}
