import { Link } from "@remix-run/react";
import { ChevronLeft } from "lucide-react";

/** Links from a session's subpage back to its review. */
export function BackToReview({ id, name }: { id: string; name: string }) {
  return (
    <Link to={`/sessions/${id}`} className="target inline-flex max-w-full items-center gap-1 hover:underline">
      <ChevronLeft size={14} className="shrink-0" aria-hidden="true" />
      <span className="truncate">{name}</span>
    </Link>
  );
}
