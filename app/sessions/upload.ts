import type { ErrorShape } from "@redline/core/errors";

type Presigned = { url: string; fields: Record<string, string>; key: string };

/** An upload that failed; its message is for the user. */
export class UploadFailed extends Error {}

/** Uploads a file directly to storage and returns its key. `onProgress` gets the bytes sent. Throws UploadFailed. */
export async function upload(path: string, file: File, onProgress: (bytes: number) => void): Promise<string> {
  const { url, fields, key } = await presign(path, file.size);
  await post(url, fields, path, file, onProgress);
  return key;
}

async function presign(path: string, bytes: number): Promise<Presigned> {
  const response = await fetch("/uploads", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path, bytes }),
  }).catch(() => {
    throw new UploadFailed(`${path} couldn't be uploaded: can't reach Redline. Nothing is lost; try again.`);
  });
  const presigned = (await response.json()) as Presigned | ErrorShape;
  if ("error" in presigned) throw new UploadFailed(presigned.error.message);
  return presigned;
}

/** Uploads with XMLHttpRequest, because fetch doesn't report upload progress. */
function post(
  url: string,
  fields: Record<string, string>,
  path: string,
  file: File,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (why: string) => reject(new UploadFailed(`${path} couldn't be uploaded: ${why}. Try again.`));
    request.upload.onprogress = (event) => onProgress(Math.min(event.loaded, file.size));
    request.onload = () => {
      if (request.status < 300) return resolve();
      // The laptop's storage says in words for people that its disk is full.
      const { Code, Message } = parseStorageError(request.responseXML);
      if (Code === "StorageUnavailable" && Message)
        reject(new UploadFailed(`${path} couldn't be uploaded. ${Message}`));
      else fail(`storage returned status ${request.status}`);
    };
    request.onerror = () => fail("the connection was lost");
    request.open("POST", url);
    request.send(form);
  });
}

/** Parses an S3 error response. */
function parseStorageError(document: Document | null): { Code?: string; Message?: string } {
  const elementText = (name: string) => document?.querySelector(name)?.textContent ?? undefined;
  return { Code: elementText("Error > Code"), Message: elementText("Error > Message") };
}
