import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { ActiveModels } from "../settings/active-models";
import { BudgetForm } from "../settings/budget-form";
import { BuiltInReviewer } from "../settings/built-in-reviewer";
import { ConnectModel } from "../settings/connect-model";
import { InstructionsForm } from "../settings/instructions-form";
import { loadModelSettings, performSettingsAction } from "../settings/model.server";
import { ModelTest } from "../settings/model-test";
import { SettingsPage } from "../settings/settings-page";
import { Notice } from "../ui/notice";

export const loader = withLoaderErrors(async ({ request }) => loadModelSettings(await getActor(request)));

export const action = async ({ request, context }: ActionFunctionArgs) =>
  performSettingsAction(await getActor(request), request, context.requestId);

export const meta: MetaFunction = () => [{ title: "Model · Redline" }];

export default function ModelSettings() {
  const { settings, quota, ...models } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const error = getActionError(sent);
  const typed = sent && "typed" in sent ? sent.typed : undefined;
  const errorAt = (field: string) => (error?.field === field ? error.message : undefined);
  const hasModel = models.tasks.some((each) => each.models.length > 0);
  const replyModel = models.tasks.find((each) => each.task === "reply")?.models[0];
  const isKnown = error?.field === "dailyTokens" || error?.field === "instructions";
  return (
    <SettingsPage current="model">
      <section aria-labelledby="models" className="pb-6">
        <h2 id="models" className="mb-2 text-16 font-semibold">
          Models
        </h2>
        {error && !isKnown && <Notice tone="danger">{error.message}</Notice>}
        <ActiveModels {...models} />
        {replyModel && <ModelTest model={replyModel.model} result={sent && "test" in sent ? sent.test : undefined} />}
      </section>
      {!hasModel && <ConnectModel isOpen />}
      {!hasModel && <BuiltInReviewer isOpen />}
      <InstructionsForm
        instructions={settings.instructions}
        typed={typed?.instructions}
        error={errorAt("instructions")}
      />
      <BudgetForm
        dailyTokens={settings.dailyTokens}
        quota={quota}
        typed={typed?.budget}
        error={errorAt("dailyTokens")}
      />
      {hasModel && <ConnectModel isOpen={false} />}
      {hasModel && <BuiltInReviewer isOpen={false} />}
    </SettingsPage>
  );
}
