import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { AttentionList, FUNCTIONS_ID, IN_PROGRESS_ID, QUEUES_ID } from "../ops/attention-list";
import { Functions } from "../ops/functions";
import { ModelSpend } from "../ops/model-spend";
import { loadOperations, performOperation } from "../ops/ops.server";
import { Queues } from "../ops/queues";
import { parseUnfinished, ResumeBulkAction } from "../ops/resume-bulk-action";
import { RunningJobs } from "../ops/running-jobs";
import { Section } from "../ops/section";
import { SystemStatus } from "../ops/system-status";
import { useAutoRefresh } from "../ops/use-auto-refresh";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";

export const loader = withLoaderErrors(async ({ request }) => loadOperations(await getActor(request)));

export const action = withActionErrors(async ({ request }) => performOperation(await getActor(request), request));

export const meta: MetaFunction = () => [{ title: "Operations · Redline" }];

export default function Operations() {
  const { health, readAt, data, measures, queues, jobs, spending, versions } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const [search] = useSearchParams();
  const unfinished = error ? null : parseUnfinished(search);
  const left = queues?.find(({ name }) => name === unfinished?.queue)?.dead ?? 0;
  // The list under a confirmation must not change while it is shown.
  const isReached = useAutoRefresh({ isPaused: search.has("discard") || unfinished !== null });
  return (
    <Page>
      <PageHeader title="Operations" about="System status, queues, failed jobs and today's model spend.">
        <span className="text-12 text-quiet">
          Updated <RelativeTime at={new Date(readAt).toISOString()} />
        </span>
        <ButtonLink to="/ops">Refresh</ButtonLink>
      </PageHeader>
      {!isReached && (
        <div className="mb-4">
          <Notice tone="danger">Connection lost. Data may be out of date.</Notice>
        </div>
      )}
      {error && (
        <div className="mb-4">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
      {unfinished && (
        <div className="mb-4">
          <ResumeBulkAction unfinished={unfinished} remaining={left} />
        </div>
      )}
      <SystemStatus health={health} data={data} versions={versions} />
      <AttentionList measures={measures} queues={queues} jobs={jobs} />
      <Section title="Functions in the last hour" id={FUNCTIONS_ID} of={measures}>
        {({ functions }) => <Functions functions={functions} />}
      </Section>
      <Section title="Queues" id={QUEUES_ID} of={queues}>
        {(each) => <Queues queues={each} measures={measures} readAt={readAt} />}
      </Section>
      <Section title="In progress" id={IN_PROGRESS_ID} of={jobs}>
        {(each) => <RunningJobs jobs={each} />}
      </Section>
      <Section title="Models today" of={spending}>
        {(each) => <ModelSpend spending={each} />}
      </Section>
      {versions.stage !== "local" && (
        <p className="text-12 text-quiet">
          CloudWatch data lags by a few minutes. For older data, see this stage's CloudWatch dashboard.
        </p>
      )}
    </Page>
  );
}
