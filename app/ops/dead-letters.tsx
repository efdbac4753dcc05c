import type { DeadJob, QueueState } from "@redline/core/ops/schema";
import { Form } from "@remix-run/react";
import { Button, ButtonLink } from "../ui/button";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, Table } from "../ui/table";
import { formatCount } from "../usage/cost";
import { ConfirmDiscard } from "./confirm-discard";
import { queueName } from "./names";
import { SessionLink } from "./session-link";

type DeadLettersProps = {
  queue: QueueState;
  readAt: number;
  /** The pending discard: all dead letters, or the one named. */
  discarding: { letter?: string } | null;
};

/** Lists a queue's dead letters with their reasons and actions. */
export function DeadLetters({ queue: { name, dead, letters }, readAt, discarding }: DeadLettersProps) {
  return (
    <div className="mt-5">
      <div className="mb-1 flex flex-wrap items-end justify-between gap-2">
        <div>
          <h3 className="text-14 font-semibold">Dead letters: {queueName(name)}</h3>
          <p className="text-12 text-quiet">
            {letters.length < dead
              ? `${formatCount(letters.length)} of ${formatCount(dead)} shown. The others are being handled elsewhere, or there are too many to list.`
              : "Redrive a job after fixing the cause. Retrying is safe: jobs are idempotent."}
          </p>
        </div>
        <div className="flex gap-2">
          <Redrive queue={name} label="Redrive all" />
          <Discard queue={name} label="Discard all" />
        </div>
      </div>
      {discarding && (
        <ConfirmDiscard
          key={discarding.letter ?? ""}
          queue={name}
          readAt={readAt}
          count={dead}
          letter={letters.find(({ id }) => id === discarding.letter)}
          isOne={discarding.letter !== undefined}
        />
      )}
      <Table caption={`Dead letters: ${queueName(name)}`}>
        <thead>
          <tr>
            <HeadCell>Job</HeadCell>
            <HeadCell>Reason</HeadCell>
            <HeadCell className="hidden sm:table-cell">Sent</HeadCell>
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
                  <span className="text-quiet">No reason recorded: the worker crashed or timed out.</span>
                )}
                <div className="text-12 text-quiet sm:hidden">
                  <RelativeTime at={letter.sentAt} />
                </div>
              </Cell>
              <Cell className="hidden align-top text-quiet sm:table-cell">
                <RelativeTime at={letter.sentAt} />
              </Cell>
              <Cell className="align-top">
                <div className="flex flex-wrap justify-end gap-2 sm:flex-nowrap">
                  <Redrive queue={name} letter={letter.id} label="Redrive" />
                  <Discard queue={name} letter={letter.id} label="Discard" />
                </div>
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function DeadJobName({ letter: { job } }: { letter: DeadJob }) {
  if (!job) return <>Unknown job</>;
  return (
    <>
      {job.name} <SessionLink session={job} />
    </>
  );
}

type ActionProps = { queue: string; letter?: string; label: string };

function Redrive({ queue, letter, label }: ActionProps) {
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

/** Links to a confirmation on this page: discarding can't be undone. */
function Discard({ queue, letter, label }: ActionProps) {
  const search = new URLSearchParams({ discard: queue, ...(letter && { letter }) });
  return (
    <ButtonLink
      to={`/ops?${search}#discard`}
      variant="quiet"
      preventScrollReset
      aria-label={letter && `${label} ${letter}`}
    >
      {label}
    </ButtonLink>
  );
}
