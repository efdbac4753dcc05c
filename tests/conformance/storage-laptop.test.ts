/**
 * Tests access to the laptop's S3, SQS, CloudWatch and Lambda: this machine's programs and the product's own pages, no
 * other page.
 */
import { request as httpRequest } from "node:http";
import { GetObjectCommand, PutBucketCorsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { MEASURED_PATH } from "@redline/local/cloudwatch/series";
import { startWorkers, type Workers } from "@redline/local/lambda/start";
import { BUCKET } from "@redline/local/launcher/resource-env";
import { allowUploadsFrom } from "@redline/local/launcher/upload-origins";
import { ensureBuckets, productBucket } from "@redline/local/provision-buckets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClient, signed, startTestCloud, type TestCloud } from "../support/cloud";
import { s3Client } from "../support/s3-target";

const Bucket = BUCKET;

let cloud: TestCloud;
let s3: S3Client;
let workers: Workers;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = s3Client(cloud.endpoints.s3);
  await ensureBuckets(s3, [productBucket(Bucket)]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "object", Body: "x" }));
  const load = async () => {
    throw new Error("no function is called here");
  };
  workers = await startWorkers({ functions: [], load, endpoints: cloud.endpoints, bucket: Bucket });
});

afterAll(async () => {
  s3.destroy();
  await workers.close();
  await cloud.close();
});

const sent = async (url: string, headers: Record<string, string>, body = "{}") =>
  (await fetch(url, { method: "POST", headers, body })).status;

describe.each([
  ["SQS", "sqs", "AmazonSQS.ListQueues", "/"],
  ["CloudWatch", "monitoring", "", MEASURED_PATH],
  ["Lambda", "lambda", "", "/2015-03-31/functions/check/invocations"],
] as const)("%s", (_, service, target, path) => {
  const url = () => {
    const base = { sqs: cloud.endpoints.sqs, monitoring: cloud.endpoints.cloudwatch, lambda: workers.url }[service];
    return base + path;
  };
  const more = { ...(target && { "x-amz-target": target }), "content-type": "application/x-amz-json-1.0" };
  const body = service === "monitoring" ? "[]" : "{}";
  const good = () => signed(url(), "POST", body, { service, more }).headers;

  test("accepts only requests signed with the folder's key, for this service and this body", async () => {
    expect(await sent(url(), good(), body)).toBe(service === "lambda" ? 404 : 200);
    expect(await sent(url(), more, body)).toBe(403);
    expect(await sent(url(), good(), `${body} `)).toBe(403);
    expect(await sent(url(), signed(url(), "POST", body, { service: "s3", more }).headers, body)).toBe(403);
    const forged = good().authorization?.replace(/Signature=.*/, `Signature=${"0".repeat(64)}`) ?? "";
    expect(await sent(url(), { ...good(), authorization: forged }, body)).toBe(403);
    const old = "AWS4-HMAC-SHA256 Credential=redline/internal, SignedHeaders=host, Signature=0";
    expect(await sent(url(), { ...more, authorization: old }, body)).toBe(403);
  });

  test("refuses web pages and rebound host names, even with a valid signature", async () => {
    const pages: Record<string, string>[] = [
      { origin: "http://localhost:3000" },
      { origin: "null" },
      { "sec-fetch-site": "none" },
    ];
    for (const page of pages) expect(await sent(url(), { ...good(), ...page }, body)).toBe(403);
    const { hostname, port, pathname } = new URL(url());
    const rebound = await new Promise((resolve, reject) => {
      const headers = { ...good(), host: `rebound.example:${port}` };
      httpRequest({ hostname, port, path: pathname, method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end(body);
    });
    expect(rebound).toBe(403);
  });
});

test("SQS rejects an unknown key as such", async () => {
  const stranger = new SQSClient({
    ...localClient(cloud.endpoints.sqs),
    credentials: { accessKeyId: "someone", secretAccessKey: "else" },
  });
  await expect(stranger.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: "InvalidSecurity" });
  stranger.destroy();
});

describe("S3", () => {
  const post = async (headers: Record<string, string>) => {
    const { url, fields } = await createPresignedPost(s3, { Bucket, Key: "uploads/posted" });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob(["x"]));
    return fetch(url, { method: "POST", body: form, headers });
  };
  const SITE = "http://localhost:41234";

  test("accepts a form post from the site's own pages, and nothing else", async () => {
    await allowUploadsFrom(SITE, cloud.endpoints.s3);
    for (const origin of [SITE, "http://127.0.0.1:41234"]) expect((await post({ origin })).status).toBe(204);
    expect((await post({ origin: SITE, "sec-fetch-site": "same-site" })).status).toBe(204);
    const read = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "object" }));
    const preflight = (method: string) => ({
      method: "OPTIONS",
      headers: { origin: SITE, "access-control-request-method": method },
    });
    expect((await fetch(read, { headers: { origin: SITE } })).status).toBe(403);
    expect((await fetch(read, { headers: { "sec-fetch-site": "none" } })).status).toBe(403);
    expect((await fetch(`${cloud.endpoints.s3}/${Bucket}`, preflight("POST"))).status).toBe(200);
    for (const method of ["GET", "PUT", "DELETE", "HEAD"])
      expect((await fetch(`${cloud.endpoints.s3}/${Bucket}`, preflight(method))).status).toBe(403);
  });

  test("refuses pages of an older build and of another port", async () => {
    await s3.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: { CORSRules: [{ AllowedOrigins: ["http://localhost:*"], AllowedMethods: ["GET", "POST"] }] },
      }),
    );
    await ensureBuckets(s3, [productBucket(Bucket)]);
    await allowUploadsFrom(SITE, cloud.endpoints.s3);
    expect((await post({ origin: "http://localhost:3000" })).status).toBe(403);
    expect((await post({ origin: SITE })).status).toBe(204);
  });

  test("refuses a request signed with the key in older builds' source", async () => {
    const client = { ...localClient(cloud.endpoints.s3), forcePathStyle: true };
    const stranger = new S3Client({
      ...client,
      credentials: { accessKeyId: "redline", secretAccessKey: "redline-local" },
    });
    const asked = stranger.send(new GetObjectCommand({ Bucket, Key: "object" }));
    await expect(asked).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    const elsewhere = new S3Client({ ...client, region: "eu-west-1" });
    await expect(elsewhere.send(new GetObjectCommand({ Bucket, Key: "object" }))).rejects.toMatchObject({
      name: "AuthorizationHeaderMalformed",
    });
    stranger.destroy();
    elsewhere.destroy();
  });

  test.each(["https://example.com", "null", "http://localhost.example.com", "http://127.0.0.1.example.com:3000"])(
    "refuses a form post from %s, even with a valid signature",
    async (origin) => {
      expect((await post({ origin })).status).toBe(403);
    },
  );

  test("refuses a rebound host name", async () => {
    const url = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "object" })));
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { hostname, port, pathname, search } = url;
        httpRequest({ hostname, port, path: pathname + search, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once("error", reject)
          .end();
      });
    expect(await status(url.host)).toBe(200);
    expect(await status(`rebound.example.com:${url.port}`)).toBe(403);
  });

  test.each([
    ["text/html", "text/plain; charset=utf-8"],
    ["TEXT/HTML;charset=utf-8", "text/plain; charset=utf-8"],
    ["application/xhtml+xml", "text/plain; charset=utf-8"],
    ["image/svg+xml", "text/plain; charset=utf-8"],
    ["text/xml", "text/plain; charset=utf-8"],
    ["text/javascript", "text/plain; charset=utf-8"],
    ["multipart/x-mixed-replace", "text/plain; charset=utf-8"],
    ["nonsense", "text/plain; charset=utf-8"],
    ["text/markdown", "text/markdown"],
    ["video/mp4", "video/mp4"],
  ])("never shows what is stored as %s as a page", async (ContentType, shown) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "page", Body: "<script>alert(1)</script>", ContentType }));
    const stored = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "page" })));
    const asked = { Bucket, Key: "object", ResponseContentType: ContentType, ResponseContentDisposition: "inline" };
    const described = await fetch(await getSignedUrl(s3, new GetObjectCommand(asked)));
    for (const { headers } of [stored, described]) {
      expect(headers.get("content-type")).toBe(shown);
      expect(headers.get("content-disposition")).toBe("attachment");
      expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("never lets what is stored run in another page", async () => {
    const response = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "object" })));
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});
