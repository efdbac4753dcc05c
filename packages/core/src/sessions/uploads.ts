import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { getObject, presignPost } from "../platform/blobs";
import { newId } from "../platform/ids";

/** Uploads are kept apart by the team they are for and the user who sends them. */
type Uploader = { teamId: string; userId: string };

const folderOf = ({ teamId, userId }: Uploader) => `uploads/${teamId}/${userId}/`;

/** The most bytes that may be uploaded under a name: a zip may hold all that a session may. */
export const uploadLimit = (path: string): number =>
  /\.zip$/i.test(path) ? LIMITS.session.maxBytes : LIMITS.file.maxBytes;

/** A form that the browser posts one file to, straight into the storage; good for a day, for up to the limit's bytes. */
export async function presign(
  uploader: Uploader,
  path: string,
): Promise<{ url: string; fields: Record<string, string>; key: string }> {
  const key = `${folderOf(uploader)}${newId("upl")}`;
  const { url, fields } = await presignPost(key, uploadLimit(path));
  return { url, fields, key };
}

/** An upload's bytes. Throws UPLOAD_NOT_FOUND for anyone else's, and for one that never arrived. */
export async function takeUpload(uploader: Uploader, key: string): Promise<Uint8Array> {
  if (!key.startsWith(folderOf(uploader)) || key.includes("..")) {
    throw new AppError("UPLOAD_NOT_FOUND", "That upload was not found. Choose the file again.");
  }
  return getObject(key);
}
