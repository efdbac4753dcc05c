import type { ReactNode } from "react";
import { Page, PageHeader } from "../ui/page";

/** The layout of the pages that lead to an account: one narrow column. */
export function AuthPage({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <Page>
      <PageHeader title={title} about={about} />
      <div className="flex max-w-96 flex-col items-start gap-4">{children}</div>
    </Page>
  );
}
