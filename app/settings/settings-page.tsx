import { useRouteLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import type { loader } from "../root";
import { Page, PageHeader } from "../ui/page";
import { TabLink, TabNav } from "../ui/tab-nav";
import type { SettingsTab } from "./tabs.server";

const TABS: Record<SettingsTab, { to: string; label: string }> = {
  account: { to: "/settings/account", label: "Account" },
  model: { to: "/settings/model", label: "Model" },
  usage: { to: "/settings/usage", label: "Usage" },
  operations: { to: "/ops", label: "Operations" },
};

/** The layout of the settings pages. */
export function SettingsPage({
  current,
  children,
}: {
  current: Exclude<SettingsTab, "operations">;
  children: ReactNode;
}) {
  const tabs = useRouteLoaderData<typeof loader>("root")?.settingsTabs ?? [];
  return (
    <Page>
      <PageHeader title="Settings" />
      <TabNav label="Settings">
        {tabs.map((tab) => (
          <TabLink key={tab} to={TABS[tab].to} isCurrent={tab === current}>
            {TABS[tab].label}
          </TabLink>
        ))}
      </TabNav>
      <div className="pt-6">{children}</div>
    </Page>
  );
}
