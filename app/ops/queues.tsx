import type { Overview, QueueState } from "@redline/core/ops/schema";
import { useSearchParams } from "@remix-run/react";
import { useRef } from "react";
import { Badge } from "../ui/badge";
import { Cell, HeadCell, NUMBER, Table } from "../ui/table";
import { formatCount } from "../usage/cost";
import { DeadLetters } from "./dead-letters";
import { formatLatency } from "./functions";
import { queueName } from "./names";
import { useRestoreFocus } from "./use-restore-focus";

type QueuesProps = { queues: QueueState[]; measures: Overview["measures"]; readAt: number };

/** Shows each queue's depth, age and dead letters. */
export function Queues({ queues, measures, readAt }: QueuesProps) {
  const group = useRef<HTMLDivElement>(null);
  useRestoreFocus(group, queues);
  const [search] = useSearchParams();
  // A queue without a worker is of interest only when something got into it.
  const isIdle = ({ hasWorker, jobs, dead }: QueueState) =>
    !hasWorker && jobs.waiting + jobs.inFlight === 0 && dead === 0;
  const idle = queues.filter(isIdle);
  const shown = queues.filter((queue) => !isIdle(queue));
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a group of form fields, but where the focus goes when its row is gone
    <div ref={group} role="group" tabIndex={-1} aria-label="Queues and dead letters">
      <Table caption="Queues">
        <thead>
          <tr>
            <HeadCell>Queue</HeadCell>
            <HeadCell className={NUMBER}>Waiting</HeadCell>
            <HeadCell className={`hidden sm:table-cell ${NUMBER}`}>In flight</HeadCell>
            <HeadCell className={NUMBER}>Oldest</HeadCell>
            <HeadCell className={NUMBER}>Dead letters</HeadCell>
          </tr>
        </thead>
        <tbody>
          {shown.map((queue) => (
            <tr key={queue.name}>
              <Cell className="font-medium">{queueName(queue.name)}</Cell>
              <Cell className={NUMBER}>{formatCount(queue.jobs.waiting)}</Cell>
              <Cell className={`hidden sm:table-cell ${NUMBER}`}>{formatCount(queue.jobs.inFlight)}</Cell>
              <Cell className={NUMBER}>{formatOldest(queue, measures)}</Cell>
              <Cell className={NUMBER}>
                {queue.dead > 0 ? <Badge tone="removed">{formatCount(queue.dead)}</Badge> : formatCount(queue.dead)}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      {idle.length > 0 && (
        <p className="mt-2 text-12 text-quiet">
          Empty, no worker yet: {idle.map(({ name }) => queueName(name)).join(", ")}.
        </p>
      )}
      {measures === null && <p className="mt-2 text-12 text-quiet">The age of the oldest job is unavailable.</p>}
      {shown
        .filter(({ dead }) => dead > 0)
        .map((queue) => {
          const isDiscarding = search.get("discard") === queue.name;
          const letter = search.get("letter") ?? undefined;
          return (
            <DeadLetters key={queue.name} queue={queue} readAt={readAt} discarding={isDiscarding ? { letter } : null} />
          );
        })}
    </div>
  );
}

/** Formats the oldest job's age. CloudWatch lags by minutes, so the age of an empty queue is stale. */
function formatOldest({ name, jobs }: QueueState, measures: QueuesProps["measures"]): string {
  const seconds = measures?.oldestJobSeconds[name] ?? null;
  if (seconds === null || jobs.waiting + jobs.inFlight === 0) return "–";
  return formatLatency(seconds * 1_000);
}
