import type { Overview } from "@redline/core/ops/schema";
import { Badge } from "../ui/badge";

const CHECKS = {
  table: ["Table", "Healthy", "Down"],
  blobs: ["Blobs", "Healthy", "Down"],
  queue: ["Queue", "Healthy", "Down"],
  data: ["Data version", "Supported", "Unsupported"],
} as const;

type Versions = { redline: string; commit: string; node: string; stage: string };

/** Shows the running versions and the health of the app's dependencies. */
export function SystemStatus({ health, data, versions }: Pick<Overview, "health" | "data"> & { versions: Versions }) {
  const facts = [
    ["Stored data", data ? describeStoredData(data) : "Unavailable"],
    ["Stage", versions.stage],
    ["Redline", versions.redline],
    ["Commit", versions.commit.slice(0, 12)],
    ["Node", versions.node],
  ];
  return (
    <dl className="mb-8 flex flex-wrap gap-x-8 gap-y-3 border-b border-rule pb-5 text-13">
      {(Object.keys(CHECKS) as (keyof typeof CHECKS)[]).map((part) => (
        <div key={part}>
          <dt className="text-12 text-quiet">{CHECKS[part][0]}</dt>
          <dd>
            {health.checks[part] === "ok" ? (
              <Badge tone="added">{CHECKS[part][1]}</Badge>
            ) : (
              <Badge tone="removed">{CHECKS[part][2]}</Badge>
            )}
          </dd>
        </div>
      ))}
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-12 text-quiet">{name}</dt>
          <dd className="font-mono text-12">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Describes the stored data version; a range while a migration runs. */
function describeStoredData({ stored: { oldest, newest }, code }: NonNullable<Overview["data"]>): string {
  if (oldest !== newest) return `version ${oldest}, being migrated to ${newest}`;
  return oldest < code.writes ? `version ${oldest}, to be migrated to ${code.writes}` : `version ${oldest}`;
}
