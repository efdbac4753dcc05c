import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { getActor } from "../http/actor.server";
import { acting, loading } from "../http/errors.server";
import { returnedError } from "../http/returned-error";
import { ModelSpend } from "../ops/model-spend";
import { actOnOperations, loadOperations } from "../ops/ops.server";
import { Queues } from "../ops/queues";
import { RunningJobs } from "../ops/running-jobs";
import { Section } from "../ops/section";
import { StandsOn } from "../ops/stands-on";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = loading(async ({ request }) => loadOperations(await getActor(request)));

export const action = acting(async ({ request }) => actOnOperations(await getActor(request), request));

export const meta: MetaFunction = () => [{ title: "Operations · Redline" }];

export default function Operations() {
  const { health, queues, jobs, spending, versions } = useLoaderData<typeof loader>();
  const error = returnedError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader
        title="Operations"
        about="What runs, what waits, what failed for good, and what the models cost today."
      >
        <ButtonLink to="/ops">Look again</ButtonLink>
      </PageHeader>
      {error && <Notice tone="danger">{error.message}</Notice>}
      <StandsOn health={health} versions={versions} />
      <Section title="Queues" of={queues}>
        {(each) => <Queues queues={each} />}
      </Section>
      <Section title="Under way" of={jobs}>
        {(each) => <RunningJobs jobs={each} />}
      </Section>
      <Section title="Models today" of={spending}>
        {(each) => <ModelSpend spending={each} />}
      </Section>
      {versions.stage !== "local" && (
        <p className="text-12 text-quiet">
          How long the oldest job has waited, and how often each function fails, is on the dashboard and in the alarms
          of this stage in CloudWatch.
        </p>
      )}
    </Page>
  );
}
