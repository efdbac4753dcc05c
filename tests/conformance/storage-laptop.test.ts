/** Who reaches the laptop's S3 and SQS: this machine's programs and the product's own pages, no other page. */
import { request as httpRequest } from "node:http";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ensureBuckets, productBucket } from "@redline/local/provision-buckets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClient, startTestCloud, type TestCloud } from "../support/cloud";
import { s3Client } from "../support/s3-target";

const Bucket = "laptop";

let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = s3Client(cloud.endpoints.s3);
  await ensureBuckets(s3, [productBucket(Bucket)]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "object", Body: "x" }));
});

afterAll(async () => {
  s3.destroy();
  await cloud.close();
});

describe("SQS", () => {
  test("refuses web pages and strangers", async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(cloud.endpoints.sqs, {
        method: "POST",
        headers: { "x-amz-target": "AmazonSQS.ListQueues", ...headers },
        body: "{}",
      });
    const authorization = "AWS4-HMAC-SHA256 Credential=redline/20260101/us-east-1/sqs/aws4_request";
    expect((await ask({})).status).toBe(403);
    expect((await ask({ authorization, origin: "http://localhost:3000" })).status).toBe(403);
    expect((await ask({ authorization })).status).toBe(200);
    const got = await fetch(cloud.endpoints.sqs, {
      headers: { authorization, "x-amz-target": "AmazonSQS.ListQueues" },
    });
    expect(got.status).toBe(403);
    const stranger = new SQSClient({
      ...localClient(cloud.endpoints.sqs),
      credentials: { accessKeyId: "someone", secretAccessKey: "else" },
    });
    const asked = stranger.send(new ListQueuesCommand({}));
    await expect(asked).rejects.toMatchObject({ name: "InvalidSecurity" });
    stranger.destroy();
  });
});

describe("S3", () => {
  const post = async (origin: string) => {
    const { url, fields } = await createPresignedPost(s3, { Bucket, Key: "uploads/posted" });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob(["x"]));
    return fetch(url, { method: "POST", body: form, headers: { origin } });
  };

  test("takes a posted form of the product's pages", async () => {
    for (const origin of ["http://localhost:3000", "http://127.0.0.1:41234"])
      expect((await post(origin)).status).toBe(204);
  });

  test.each(["https://example.com", "null", "http://localhost.example.com", "http://127.0.0.1.example.com:3000"])(
    "refuses a posted form of %s, however well it is signed",
    async (origin) => {
      expect((await post(origin)).status).toBe(403);
    },
  );

  test("is not reached by a name that was made to point to this machine", async () => {
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

  test("never lets what is stored run in another page", async () => {
    const response = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "object" })));
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});
