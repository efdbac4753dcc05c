import type { RunningJob } from "@redline/core/ops/schema";
import { Badge } from "../ui/badge";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, Table } from "../ui/table";
import { SessionLink } from "./session-link";

const STATES = {
  waiting: { name: "Waiting", tone: "plain" },
  running: { name: "Running", tone: "added" },
  stalled: { name: "Worker lost", tone: "warn" },
} as const;

/** Lists running jobs, oldest first. */
export function RunningJobs({ jobs }: { jobs: RunningJob[] }) {
  if (jobs.length === 0) return <p className="text-13 text-quiet">No jobs are running.</p>;
  return (
    <>
      <Table caption="Jobs in progress">
        <thead>
          <tr>
            <HeadCell>Job</HeadCell>
            <HeadCell>Session</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>Since</HeadCell>
          </tr>
        </thead>
        <tbody>
          {jobs.map(({ name, id, state, since, ...session }) => (
            <tr key={`${session.sessionId} ${id} ${since}`}>
              <Cell className="font-medium">{name}</Cell>
              <Cell>
                <SessionLink session={session} />
              </Cell>
              <Cell>
                <Badge tone={STATES[state].tone}>{STATES[state].name}</Badge>
              </Cell>
              <Cell className="text-quiet">
                <RelativeTime at={since} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="mt-2 text-12 text-quiet">A job whose worker is lost resumes within two minutes.</p>
    </>
  );
}
