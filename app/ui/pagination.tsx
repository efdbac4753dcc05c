import { useSearchParams } from "@remix-run/react";
import { ButtonLink } from "./button";

/** Links to the previous and next page by the URL's `page`; nothing when there is one page. */
export function Pagination({ page, pages }: { page: number; pages: number }) {
  const [query] = useSearchParams();
  if (pages <= 1) return null;
  const at = (number: number) => {
    const next = new URLSearchParams(query);
    next.set("page", String(number));
    return `?${next}`;
  };
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center gap-3 text-13 text-quiet">
      {page > 1 && (
        <ButtonLink to={at(page - 1)} rel="prev">
          Previous
        </ButtonLink>
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages && (
        <ButtonLink to={at(page + 1)} rel="next">
          Next
        </ButtonLink>
      )}
    </nav>
  );
}
