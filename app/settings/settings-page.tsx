import type { ReactNode } from "react";
import { Page, PageHeader } from "../ui/page";
import { TabLink, TabNav } from "../ui/tab-nav";

/** The layout of the settings pages. */
export function SettingsPage({ current, children }: { current: "model" | "usage"; children: ReactNode }) {
  return (
    <Page>
      <PageHeader title="Settings" />
      <TabNav label="Settings">
        <TabLink to="/settings/model" isCurrent={current === "model"}>
          Model
        </TabLink>
        <TabLink to="/settings/usage" isCurrent={current === "usage"}>
          Usage
        </TabLink>
        <TabLink to="/ops" isCurrent={false}>
          Operations
        </TabLink>
      </TabNav>
      <div className="pt-6">{children}</div>
    </Page>
  );
}
