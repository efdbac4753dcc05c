import { type ReactNode, useId } from "react";
import { Notice } from "../ui/notice";

/** One part of the operator's page. Where what it is read from did not answer, that is what it says. */
export function Section<T>({ title, of, children }: { title: string; of: T | null; children: (of: T) => ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-8">
      <h2 id={id} className="mb-2 text-16 font-semibold">
        {title}
      </h2>
      {of === null ? (
        <Notice tone="danger">This could not be read. The server’s log says what failed.</Notice>
      ) : (
        children(of)
      )}
    </section>
  );
}
