import { useSearchParams } from "@remix-run/react";
import { ButtonLink } from "../ui/button";

/** Links between the pages of a list that is newest first. */
export function SessionPages({ nextCursor, isFirst }: { nextCursor?: string; isFirst: boolean }) {
  const [query] = useSearchParams();
  if (!nextCursor && isFirst) return null;
  const at = (cursor?: string) => {
    const next = new URLSearchParams(query);
    next.delete("cursor");
    next.delete("rename");
    if (cursor) next.set("cursor", cursor);
    return `?${next}`;
  };
  return (
    <nav aria-label="Pages" className="mt-4 flex gap-2">
      {!isFirst && <ButtonLink to={at()}>Newest</ButtonLink>}
      {nextCursor && <ButtonLink to={at(nextCursor)}>Older</ButtonLink>}
    </nav>
  );
}
