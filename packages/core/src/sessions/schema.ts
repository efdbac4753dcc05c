import * as v from "valibot";
import { LIMITS } from "../limits";
import { newUlid } from "../ulid";

export {
  archiveKind,
  beginsAsZip,
  ENCODING_NAMES,
  isUtf8,
  type OtherEncoding,
  otherEncoding,
  toUtf8,
} from "./file-kinds";

export const sessionId = v.pipe(v.string(), v.regex(/^ses_[0-9A-Za-z]{26}$/, "That is not a session's id."));

/** Returns an idempotency key for a new session's form. */
export const newAttemptKey = (): string => newUlid();

export const sessionName = v.pipe(
  v.string("Enter a name."),
  v.trim(),
  v.minLength(1, "Enter a name."),
  v.maxLength(LIMITS.session.maxNameChars, `Names are limited to ${LIMITS.session.maxNameChars} characters.`),
);

const label = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));

export type FindingCounts = { critical: number; major: number; minor: number; nit: number };

/** The summary of the session's latest review, denormalized so that lists need no second read. */
export type ReviewSummary = {
  id: string;
  version: number;
  status: "queued" | "running" | "done" | "failed";
  counts: FindingCounts;
  finishedAt?: string;
};

/** Where the two sides of a difference came from. */
export const differenceSourceSchema = v.variant("kind", [
  v.object({ kind: v.literal("patch"), name: v.optional(label) }),
  v.object({ kind: v.literal("folders"), from: label, to: label }),
  v.object({ kind: v.literal("versions"), from: v.number(), to: v.number() }),
  v.object({
    kind: v.literal("git"),
    /** As it was asked for: `main...topic`, `--staged`. */
    range: label,
    branch: v.optional(label),
    baseLabel: v.optional(label),
    headLabel: v.optional(label),
  }),
]);
export type DifferenceSource = v.InferOutput<typeof differenceSourceSchema>;

/** The difference that a session reviews: `base` and `head` are versions of its own codebase. */
export type SessionDifference = { base: number; head: number; source: DifferenceSource };

/** A review session: a small codebase under review, or a difference between two versions of it. */
export type Session = {
  id: string;
  teamId: string;
  codebaseId: string;
  name: string;
  creatorId: string;
  languages: string[];
  fileCount: number;
  /** Of all files; unknown for a session that was stored before they were counted and not reviewed since. */
  lines?: number;
  bytes: number;
  createdAt: string;
  updatedAt: string;
  review?: ReviewSummary;
  /** The model review that was requested last. */
  modelReviewId?: string;
  difference?: SessionDifference;
  trashedAt?: string;
};

/** A file before validation: its name and its bytes. */
export type IncomingFile = { path: string; bytes: Uint8Array; language?: string };

export const listSessionsSchema = v.object({
  teamId: v.optional(v.string()),
  search: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))),
  language: v.optional(v.string()),
  /** Only sessions changed on or after / on or before this day, `YYYY-MM-DD`. */
  from: v.optional(v.pipe(v.string(), v.isoDate("Enter a date such as 2026-01-31."))),
  to: v.optional(v.pipe(v.string(), v.isoDate("Enter a date such as 2026-01-31."))),
  cursor: v.optional(v.string()),
  trashed: v.optional(v.boolean(), false),
});

export type SessionPage = { sessions: Session[]; nextCursor?: string };
