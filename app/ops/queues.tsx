import type { DeadJob, QueueState } from "@redline/core/ops/schema";
import { Form, Link } from "@remix-run/react";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, Table } from "../ui/table";
import { formatCount } from "../usage/cost";
import { jobName, NUMBER, queueName } from "./names";

/** How much is in each queue, and what failed for good in it. */
export function Queues({ queues }: { queues: QueueState[] }) {
  return (
    <>
      <Table caption="Queues">
        <thead>
          <tr>
            <HeadCell>Queue</HeadCell>
            <HeadCell className={NUMBER}>Waiting</HeadCell>
            <HeadCell className={NUMBER}>Worked on</HeadCell>
            <HeadCell className={NUMBER}>Dead letters</HeadCell>
          </tr>
        </thead>
        <tbody>
          {queues.map(({ name, jobs, dead }) => (
            <tr key={name}>
              <Cell className="font-medium">{queueName(name)}</Cell>
              <Cell className={NUMBER}>{formatCount(jobs.waiting)}</Cell>
              <Cell className={NUMBER}>{formatCount(jobs.inFlight)}</Cell>
              <Cell className={NUMBER}>
                {dead > 0 ? <Badge tone="removed">{formatCount(dead)}</Badge> : formatCount(dead)}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      {queues
        .filter(({ dead }) => dead > 0)
        .map((queue) => (
          <DeadLetters key={queue.name} queue={queue} />
        ))}
    </>
  );
}

function DeadLetters({ queue: { name, dead, letters } }: { queue: QueueState }) {
  return (
    <div className="mt-5">
      <div className="mb-1 flex flex-wrap items-end justify-between gap-2">
        <div>
          <h3 className="text-14 font-semibold">Dead letters: {queueName(name)}</h3>
          <p className="text-12 text-quiet">
            {letters.length < dead
              ? `${letters.length} of ${dead} are shown; the others are being looked at elsewhere, or there are too many.`
              : "Put a job back once its cause is gone; doing a job twice does no harm."}
          </p>
        </div>
        <Redrive queue={name} label="Redrive all" />
      </div>
      <Table caption={`Dead letters: ${queueName(name)}`}>
        <thead>
          <tr>
            <HeadCell>Job</HeadCell>
            <HeadCell>Reason</HeadCell>
            <HeadCell className="hidden sm:table-cell">Since</HeadCell>
            <HeadCell className="w-24">
              <span className="sr-only">Actions</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={letter.id}>
              <Cell className="align-top">
                <DeadJobName letter={letter} />
              </Cell>
              <Cell className="align-top break-words">
                {letter.reason ?? (
                  <span className="text-quiet">None was written down: its worker died or ran out of time.</span>
                )}
                <div className="text-12 text-quiet sm:hidden">
                  <RelativeTime at={letter.sentAt} />
                </div>
              </Cell>
              <Cell className="hidden align-top text-quiet sm:table-cell">
                <RelativeTime at={letter.sentAt} />
              </Cell>
              <Cell className="text-right align-top">
                <Redrive queue={name} letter={letter.id} label="Redrive" />
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function DeadJobName({ letter: { job } }: { letter: DeadJob }) {
  if (!job) return <>Not a job that is known</>;
  return (
    <>
      {jobName(job.kind)} <SessionLink id={job.sessionId} />
    </>
  );
}

/** The session that a job is about. It may be gone: then its page says so. */
export function SessionLink({ id }: { id: string }) {
  return (
    <Link to={`/sessions/${id}`} className="block font-mono text-12 break-all underline underline-offset-2">
      {id}
    </Link>
  );
}

function Redrive({ queue, letter, label }: { queue: string; letter?: string; label: string }) {
  return (
    <Form method="post" action="/ops" preventScrollReset>
      <input type="hidden" name="queue" value={queue} />
      {letter && <input type="hidden" name="letter" value={letter} />}
      <Button type="submit" name="intent" value="redrive" aria-label={letter && `${label} ${letter}`}>
        {label}
      </Button>
    </Form>
  );
}
