/** The bucket's CORS rule: only pages of the site that was just started, on its port, may post files. */
import { request as httpRequest } from "node:http";
import { signedHeaders } from "../credentials";
import { BUCKET } from "./resource-env";

/** @param web the site's address. @throws when S3 does not take it */
export function allowUploadsFrom(web: string, s3: string): Promise<void> {
  const { port } = new URL(web);
  const origins = ["localhost", "127.0.0.1"].map((host) => `<AllowedOrigin>http://${host}:${port}</AllowedOrigin>`);
  const body =
    `<CORSConfiguration><CORSRule>${origins.join("")}<AllowedMethod>POST</AllowedMethod>` +
    "<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";
  const url = `${s3}/${BUCKET}?cors=`;
  const headers = signedHeaders({ service: "s3", method: "PUT", url, body });
  // Not with `fetch`, which would be loaded for this alone.
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: "PUT", headers }, (response) => {
      response.resume().once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else
          reject(
            new Error(`The laptop's S3 responded with ${response.statusCode} when it was told the site's address.`),
          );
      });
    });
    request.once("error", reject).end(body);
  });
}
