import { Link } from "@remix-run/react";
import { Users } from "lucide-react";
import type { TeamName } from "./current-team.server";

/** Names the team whose sessions a page lists and creates, with the way to another; nothing for who has but one. */
export function CurrentTeam({ team }: { team: TeamName | undefined }) {
  if (!team) return null;
  return (
    <p className="-mt-3 mb-4 flex flex-wrap items-center gap-1.5 text-13 text-quiet">
      <Users size={14} aria-hidden="true" />
      <span className="min-w-0 break-words">{team.name}</span>
      <Link to="/teams" className="link">
        Change team
      </Link>
    </p>
  );
}
