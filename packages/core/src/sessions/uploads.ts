import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { getObject, presignPost } from "../platform/blobs";
import { newId } from "../platform/ids";

/** The team that an upload is for, and the user who sends it: each pair has a folder. */
type Uploader = { teamId: string; userId: string };

const folderOf = ({ teamId, userId }: Uploader) => `uploads/${teamId}/${userId}/`;

/** Returns the maximum size of an upload in bytes by its name: a zip may hold a whole session. */
export const uploadLimit = (path: string): number =>
  /\.zip$/i.test(path) ? LIMITS.session.maxBytes : LIMITS.file.maxBytes;

/** Returns a presigned form to which a browser posts one file; valid for a day and up to the limit's bytes. */
export async function presign(
  uploader: Uploader,
  path: string,
): Promise<{ url: string; fields: Record<string, string>; key: string }> {
  const key = `${folderOf(uploader)}${newId("upl")}`;
  const { url, fields } = await presignPost(key, uploadLimit(path));
  return { url, fields, key };
}

/** Returns an upload's bytes. Throws UPLOAD_NOT_FOUND for another user's, and for one that never arrived. */
export async function readUpload(uploader: Uploader, key: string): Promise<Uint8Array> {
  if (!key.startsWith(folderOf(uploader)) || key.includes("..")) {
    throw new AppError("UPLOAD_NOT_FOUND", "That upload was not found. Choose the file again.");
  }
  return getObject(key);
}
