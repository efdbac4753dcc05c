import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { loadAccount, performAccountAction } from "../account/account.server";
import { DeviceList } from "../account/device-list";
import { PasswordForm } from "../account/password-form";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { SettingsPage } from "../settings/settings-page";
import { Notice } from "../ui/notice";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return loadAccount(await getActor(request), request);
});

export const action = withActionErrors(async ({ request, context }) => {
  requireAccounts();
  return performAccountAction(await getActor(request), request, context.address);
});

export const meta: MetaFunction = () => [{ title: "Account · Redline" }];

export default function AccountSettings() {
  const { account, devices } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const isOfPassword = error?.field === "current" || error?.field === "password";
  return (
    <SettingsPage current="account">
      {error && !isOfPassword && <Notice tone="danger">{error.message}</Notice>}
      <section aria-labelledby="profile" className="pb-6">
        <h2 id="profile" className="mb-2 text-16 font-semibold">
          Profile
        </h2>
        <dl className="grid max-w-prose grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-13">
          {[
            ["Name", account.name],
            ["Username", account.username],
            ["E-mail address", account.email],
          ].map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-quiet">{label}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <PasswordForm username={account.username} error={isOfPassword ? error : undefined} />
      <DeviceList devices={devices} />
    </SettingsPage>
  );
}
