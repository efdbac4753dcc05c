import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A single-column page. Multi-pane screens render their own `main#main`. */
export function Page({ isWide, children }: { isWide?: boolean; children: ReactNode }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className={classNames("mx-auto w-full flex-1 px-4 py-6 sm:px-6", isWide ? "max-w-[1600px]" : "max-w-5xl")}
    >
      {children}
    </main>
  );
}

/** The page's title, description and actions. */
export function PageHeader({ title, about, children }: { title: ReactNode; about?: ReactNode; children?: ReactNode }) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-20 font-semibold break-words">{title}</h1>
        {about && <div className="mt-0.5 text-13 text-quiet">{about}</div>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  );
}
