import { ownCookie, readCookie } from "./own-cookie.server";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const team = (request: Request) => ownCookie(request, "team", { maxAge: YEAR_SECONDS });

/** Returns the team that this browser chose to work in; it says nothing about whether one may. */
export const readTeamCookie = (request: Request): Promise<string | undefined> => readCookie(team(request), request);

/** The Set-Cookie header that remembers it. */
export const teamCookie = (request: Request, teamId: string): Promise<string> => team(request).serialize(teamId);
