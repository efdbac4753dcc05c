import { classNames } from "./class-names";

export type SeverityLevel = "critical" | "major" | "minor" | "nit";

const MARKS: Record<SeverityLevel, { name: string; color: string; path: string; isFilled: boolean }> = {
  critical: { name: "Critical", color: "text-danger", path: "M8 1.5 14.5 8 8 14.5 1.5 8Z", isFilled: true },
  major: { name: "Major", color: "text-danger", path: "M8 2 14.5 13.5H1.5Z", isFilled: true },
  minor: { name: "Minor", color: "text-warn", path: "M8 2 14.5 13.5H1.5Z", isFilled: false },
  nit: { name: "Nit", color: "text-quiet", path: "M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z", isFilled: false },
};

export const severityName = (level: SeverityLevel): string => MARKS[level].name;

/** A severity's icon: each level has its own shape, so that color is not the only cue. */
export function SeverityMark({ level, isNamed = true }: { level: SeverityLevel; isNamed?: boolean }) {
  const { name, color, path, isFilled } = MARKS[level];
  return (
    <span
      {...(isNamed ? { role: "img", "aria-label": name, title: name } : { "aria-hidden": true })}
      className={classNames("inline-flex size-3 shrink-0", color)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={path}
          fill={isFilled ? "currentColor" : "none"}
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  );
}

/** Shows the non-zero counts per severity, worst first. */
export function SeverityCounts({ counts }: { counts: Record<SeverityLevel, number> }) {
  const present = (Object.keys(MARKS) as SeverityLevel[]).filter((level) => counts[level] > 0);
  return (
    <span className="inline-flex items-center gap-x-2 whitespace-nowrap">
      {present.map((level) => (
        <span key={level} className="inline-flex items-center gap-1 tabular-nums" title={`${counts[level]} ${level}`}>
          <SeverityMark level={level} />
          {counts[level]}
        </span>
      ))}
    </span>
  );
}

/** Names each severity's icon, worst first. */
export function SeverityLegend() {
  return (
    <p className="flex flex-wrap gap-x-3 text-12 text-quiet">
      {(Object.keys(MARKS) as SeverityLevel[]).map((level) => (
        <span key={level} className="inline-flex items-center gap-1">
          <SeverityMark level={level} isNamed={false} />
          {severityName(level)}
        </span>
      ))}
    </p>
  );
}
