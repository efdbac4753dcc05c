import { type ReactNode, useId } from "react";
import { Notice } from "../ui/notice";

type SectionProps<T> = { title: string; id?: string; of: T | null; children: (of: T) => ReactNode };

/** A section of the operations page; a notice when its source is unavailable. */
export function Section<T>({ title, id, of, children }: SectionProps<T>) {
  const titleId = useId();
  return (
    <section id={id} aria-labelledby={titleId} className="mb-8 scroll-mt-4">
      <h2 id={titleId} className="mb-2 text-16 font-semibold">
        {title}
      </h2>
      {of === null ? <Notice tone="danger">Unavailable. See the server log for details.</Notice> : children(of)}
    </section>
  );
}
