import type { DeadJob } from "@redline/core/ops/schema";
import { Form } from "@remix-run/react";
import { useEffect, useId, useRef } from "react";
import { Button, ButtonLink } from "../ui/button";
import { formatCount } from "../usage/cost";
import { queueName } from "./names";

type ConfirmDiscardProps = {
  queue: string;
  /** Only dead letters that existed when the page was loaded are discarded. */
  readAt: number;
  count: number;
  isOne: boolean;
  letter: DeadJob | undefined;
};

/** Confirms a discard and states its consequence. */
export function ConfirmDiscard({ queue, readAt, count, isOne, letter }: ConfirmDiscardProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => title.current?.focus(), []);
  const isGone = isOne && !letter;
  return (
    <section
      id="discard"
      aria-labelledby={id}
      className="my-3 rounded-md border border-danger bg-removed-wash px-3 py-3 text-13"
    >
      <h4 id={id} ref={title} tabIndex={-1} className="font-semibold">
        {isGone ? "This dead letter no longer exists" : confirmTitle(queue, count, letter)}
      </h4>
      <p className="mt-1 mb-3">
        {isGone
          ? "Another operator may have redriven or discarded it."
          : `${letter ? discardConsequence(letter) : "These jobs won't run and their authors won't be notified. They can request a review or reply again."} This cannot be undone.`}
      </p>
      <Form method="post" action="/ops" preventScrollReset className="flex flex-wrap gap-2">
        <input type="hidden" name="queue" value={queue} />
        <input type="hidden" name="before" value={readAt} />
        {letter && <input type="hidden" name="letter" value={letter.id} />}
        {!isGone && (
          <Button type="submit" name="intent" value="discard" variant="removed">
            {letter ? "Discard permanently" : `Discard ${formatJobs(count)} permanently`}
          </Button>
        )}
        <ButtonLink to="/ops" preventScrollReset>
          {isGone ? "Close" : letter ? "Keep it" : "Keep them"}
        </ButtonLink>
      </Form>
    </section>
  );
}

function confirmTitle(queue: string, count: number, letter: DeadJob | undefined): string {
  if (!letter) return `Discard ${formatJobs(count)} of "${queueName(queue)}"?`;
  return letter.job ? `Discard "${letter.job.name}" of ${letter.job.sessionId}?` : "Discard this message?";
}

const discardConsequence = ({ job }: DeadJob) =>
  job ? job.ifDiscarded : "Unreadable message. Its contents will be lost.";

const formatJobs = (count: number) => (count === 1 ? "one job" : `${formatCount(count)} jobs`);
