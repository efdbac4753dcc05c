import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";

export function NoSessions() {
  return (
    <EmptyState
      title="No sessions yet"
      action={
        <ButtonLink variant="primary" to="/sessions/new">
          Paste or choose code
        </ButtonLink>
      }
    >
      A session is code under review: paste it, drop files or a zip, and its findings and proposed fixes are kept here.
    </EmptyState>
  );
}

export function NoMatch() {
  return (
    <EmptyState title="No session matches" action={<ButtonLink to="/sessions">Show all sessions</ButtonLink>}>
      Search looks at names. Try fewer letters, another language or wider dates.
    </EmptyState>
  );
}
