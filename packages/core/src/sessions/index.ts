import * as v from "valibot";
import { resolveTeam } from "../access/index";
import { setFileLanguage } from "../changes/internal";
import type { TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { deleteObject, hashText } from "../platform/blobs";
import { nowIso, nowMs } from "../platform/clock";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import { derivedId } from "../platform/ids";
import { count } from "../platform/metrics";
import { operation } from "../platform/operation";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { detectLanguage, languageById, requireLanguage } from "../reviewers/index";
import { createWithFiles } from "./create";
import { defaultName } from "./default-name";
import { importFiles } from "./import-files";
import { querySessions } from "./listing";
import { loadFromTrash, loadSession } from "./load";
import { overdueBefore } from "./purge";
import { invalidateRecentSessions, recentSessions } from "./recent";
import { type IncomingFile, listSessionsSchema, sessionId, sessionName } from "./schema";
import { moveToTrash, restoreFromTrash, writeName } from "./store";
import { presign, readUpload, uploadLimit } from "./uploads";

const byId = v.object({ id: sessionId });

const optionalName = v.optional(
  v.union([
    v.pipe(
      v.literal(""),
      v.transform(() => undefined),
    ),
    sessionName,
  ]),
);

/**
 * Returns a session, also from the trash. Throws SESSION_NOT_FOUND. Loading it through the actor checks access to all
 * of it.
 */
export const getSession = operation("sessions.get", "sessions.read", byId, loadSession);

const pastedFile = v.object({
  path: v.optional(v.string(), ""),
  text: v.string(),
  language: v.optional(v.string()),
});
const incomingFile = v.object({
  path: v.string(),
  bytes: v.instance(Uint8Array, "A file must come as bytes."),
  language: v.optional(v.string()),
});

/**
 * Creates a session from pasted text, files and finished uploads (a .zip is unpacked), with version 1 of its code,
 * which requests a review. Idempotent: the same `key` with the same content returns the same session. Bad input is
 * refused as a whole.
 */
export const createSession = operation(
  "sessions.create",
  "sessions.create",
  v.object({
    key: v.pipe(v.string(), v.minLength(8), v.maxLength(64)),
    teamId: v.optional(v.string()),
    name: optionalName,
    pasted: v.optional(v.array(pastedFile), []),
    files: v.optional(v.array(incomingFile), []),
    uploads: v.optional(v.array(v.object({ key: v.string(), path: v.string(), language: v.optional(v.string()) })), []),
    /** Converts text in UTF-16 or Latin-1 to UTF-8; without it, such a file is refused, or skipped in a zip. */
    convert: v.optional(v.boolean(), false),
  }),
  async (actor, input) => {
    const teamId = resolveTeam(actor, input.teamId);
    const texts = input.pasted.filter((each) => each.text.trim() !== "");
    const pasted = texts.map(asFile);
    const uploaded = await Promise.all(
      input.uploads.map(
        async (each): Promise<IncomingFile> => ({
          ...each,
          bytes: await readUpload({ teamId, userId: actor.userId }, each.key),
        }),
      ),
    );
    const { files, skipped } = await importFiles([...pasted, ...input.files, ...uploaded], { convert: input.convert });
    if (files.length === 0) {
      throw new AppError("INVALID_INPUT", "Paste some code or choose a file to review.", { field: "files" });
    }
    const name = input.name ?? defaultName(files, { isPasted: texts[0]?.path.trim() === "" });
    const idOf = (tree: TreeEntry[]) =>
      derivedId("ses", actor.userId, input.key, hashText(JSON.stringify([teamId, name, tree])));
    const session = await createWithFiles(actor, teamId, { idOf, name }, files);
    count("SessionsCreated");
    await Promise.all(input.uploads.map((each) => deleteObject(each.key)));
    return { session, skipped };
  },
);

/** Converts pasted text to a file; one without a name is named by its language. */
function asFile({ path, text, language }: v.InferOutput<typeof pastedFile>, at: number): IncomingFile {
  const detected = language || detectLanguage("", text);
  const number = at === 0 ? "" : `-${at + 1}`;
  return {
    path: path.trim() || `pasted${number}.${extensionOf(detected)}`,
    bytes: Buffer.from(text, "utf8"),
    language,
  };
}

/** Returns a presigned form for a file that is too large for the app; its `key` then goes into `createSession`. */
export const presignUpload = operation(
  "sessions.presignUpload",
  "sessions.create",
  v.object({
    path: v.pipe(v.string(), v.maxLength(1_000)),
    bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
    teamId: v.optional(v.string()),
  }),
  async (actor, input) => {
    const teamId = resolveTeam(actor, input.teamId);
    const limit = uploadLimit(input.path);
    if (input.bytes > limit) {
      const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(bytes === limit ? 0 : 1)} MB`;
      throw new AppError(
        "FILE_TOO_LARGE",
        `${input.path.slice(0, 80)} is ${megabytes(input.bytes)}; it may be ${megabytes(limit)} at most.`,
        { field: "files" },
      );
    }
    return presign({ teamId, userId: actor.userId }, input.path);
  },
);

/** Returns a team's sessions, newest first, a page at a time; without `teamId`, those of the actor's own team. */
export const listSessions = operation("sessions.list", "sessions.read", listSessionsSchema, async (actor, input) => {
  const { cursor, teamId: named, ...filter } = input;
  const teamId = resolveTeam(actor, named);
  const scope = `sessions ${teamId} ${JSON.stringify(filter)}`;
  const startKey = cursor ? decodeCursor(cursor, scope) : undefined;
  const isStart = !startKey && Object.values(filter).every((value) => !value);
  const { sessions, lastKey } = isStart ? await recentSessions(teamId) : await querySessions(teamId, filter, startKey);
  return { sessions, nextCursor: lastKey && encodeCursor(lastKey, scope) };
});

const RENAMES = { ...CONTENTION, attempts: 8 };

export const renameSession = operation(
  "sessions.rename",
  "sessions.manage",
  v.object({ id: sessionId, name: sessionName }),
  async (actor, input) => {
    const renamed = await retryUntilDefined(async () => {
      const session = await loadSession(actor, input);
      return (await writeName(session, input.name)) ? { ...session, name: input.name } : undefined;
    }, RENAMES);
    if (!renamed) throw new AppError("DATABASE_ERROR", "Too many concurrent writes. Nothing was saved. Try again.");
    invalidateRecentSessions(renamed.teamId);
    return renamed;
  },
);

/** Moves a session to the trash, from where it can be restored for seven days. */
export const trashSession = operation("sessions.trash", "sessions.manage", byId, async (actor, input) => {
  const session = await loadFromTrash(actor, input);
  if (session.trashedAt) return session;
  const trashedAt = nowIso();
  await moveToTrash(session, trashedAt);
  invalidateRecentSessions(session.teamId);
  return { ...session, trashedAt };
});

export const restoreSession = operation("sessions.restore", "sessions.manage", byId, async (actor, input) => {
  const session = await loadFromTrash(actor, input);
  if (session.trashedAt && session.trashedAt < overdueBefore(nowMs())) {
    throw new AppError("SESSION_NOT_FOUND", "The session was permanently deleted.");
  }
  if (session.trashedAt) await restoreFromTrash(session);
  invalidateRecentSessions(session.teamId);
  return { ...session, trashedAt: undefined };
});

/** Sets a file's language as a new version, so that it is reviewed and highlighted as that language. */
export const setLanguage = operation(
  "sessions.setLanguage",
  "code.edit",
  v.object({ id: sessionId, path: v.pipe(v.string(), v.normalize("NFC")), language: v.string() }),
  async (actor, input) => {
    requireLanguage(input.language);
    const session = await loadSession(actor, input);
    return setFileLanguage(actor, { codebaseId: session.codebaseId, path: input.path, language: input.language });
  },
);

const extensionOf = (language: string) => languageById(language)?.extensions[0] ?? language;
