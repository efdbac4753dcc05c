import type { ReactNode } from "react";
import { Page, PageHeader } from "../ui/page";
import { ViewLink, ViewLinks } from "../ui/view-links";

/** What stands around each page of the settings. */
export function SettingsPage({ current, children }: { current: "model" | "usage"; children: ReactNode }) {
  return (
    <Page>
      <PageHeader title="Settings" />
      <ViewLinks label="Settings">
        <ViewLink to="/settings/model" isCurrent={current === "model"}>
          Model
        </ViewLink>
        <ViewLink to="/settings/usage" isCurrent={current === "usage"}>
          Usage
        </ViewLink>
        <ViewLink to="/ops" isCurrent={false}>
          Operations
        </ViewLink>
      </ViewLinks>
      <div className="pt-6">{children}</div>
    </Page>
  );
}
