import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";

export function NoSessions() {
  return (
    <EmptyState
      title="No sessions yet"
      action={
        <ButtonLink variant="primary" to="/sessions/new">
          New session
        </ButtonLink>
      }
    >
      A session is code under review. Paste code or drop files or a zip to get findings and suggested fixes.
    </EmptyState>
  );
}

export function NoMatch() {
  return (
    <EmptyState title="No matching sessions" action={<ButtonLink to="/sessions">Clear filters</ButtonLink>}>
      Search matches names. Try fewer letters, another language or a wider date range.
    </EmptyState>
  );
}
