import * as v from "valibot";
import { ROLES, type Role } from "../access/schema";
import { LIMITS } from "../limits";

export const teamId = v.pipe(v.string(), v.regex(/^tea_[0-9a-zA-Z]{1,40}$/, "That is not a team's id."));
export const invitationId = v.pipe(v.string(), v.regex(/^inv_[0-9A-Za-z]{26}$/, "That is not an invitation's id."));
export const memberId = v.pipe(v.string(), v.regex(/^usr_[0-9a-zA-Z]{1,40}$/, "That is not a user's id."));
export const roleSchema = v.picklist(ROLES, "Choose a role.");

export const teamName = v.pipe(
  v.string("Enter a name."),
  v.normalize("NFC"),
  v.trim(),
  v.minLength(1, "Enter a name."),
  v.maxLength(LIMITS.team.maxNameChars, `A team's name is limited to ${LIMITS.team.maxNameChars} characters.`),
  v.regex(/^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]*$/u, "This has characters that can't be shown."),
);

export type Team = { id: string; name: string; isPersonal: boolean; createdAt: string };
export type Member = { userId: string; name: string; username: string; role: Role; joinedAt: string };
export type Invitation = {
  id: string;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
};
