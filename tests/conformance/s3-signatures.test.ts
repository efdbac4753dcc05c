/**
 * Tests access to the laptop's S3: signed requests, signed addresses, posted forms under a policy, pages of other
 * origins.
 */
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClient } from "../support/cloud";
import { eventually, onAws } from "../support/conformance";
import { type S3Target, startS3Target } from "../support/s3-target";

const ORIGIN = "http://localhost:3000";

let target: S3Target;

beforeAll(async () => {
  target = await startS3Target();
  await target.client.send(
    new PutBucketCorsCommand({
      Bucket: target.bucket,
      CORSConfiguration: {
        CORSRules: [
          {
            AllowedOrigins: ["http://localhost:*", "http://127.0.0.1:*"],
            AllowedMethods: ["GET", "PUT", "POST"],
            AllowedHeaders: ["content-type", "x-amz-*"],
            ExposeHeaders: ["ETag"],
            MaxAgeSeconds: 600,
          },
        ],
      },
    }),
  );
  await put("shared.txt", "shared");
});

afterAll(() => target.close());

const put = (Key: string, Body: string) =>
  target.client.send(new PutObjectCommand({ Bucket: target.bucket, Key, Body, ContentType: "text/plain" }));
const textOf = async (Key: string) => {
  const { Body } = await target.client.send(new GetObjectCommand({ Bucket: target.bucket, Key }));
  return Body?.transformToString();
};
const isThere = (Key: string) =>
  target.client.send(new HeadObjectCommand({ Bucket: target.bucket, Key })).then(
    () => true,
    () => false,
  );
const codeIn = async (response: Response) => /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1];

describe("a request", () => {
  const addressed = async () => {
    const { protocol, hostname, port, path } = (await target.client.config.endpoint?.()) ?? {
      protocol: "https:",
      hostname: `s3.${await target.client.config.region()}.amazonaws.com`,
      port: undefined,
      path: "/",
    };
    return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}${target.bucket}/shared.txt`;
  };

  test("without a signature is AccessDenied", async () => {
    const response = await fetch(await addressed());
    expect([response.status, await codeIn(response)]).toEqual([403, "AccessDenied"]);
  });

  test.each([
    ["another secret", { accessKeyId: "redline", secretAccessKey: "guessed" }, "SignatureDoesNotMatch"],
    ["an unknown access key", { accessKeyId: "someone", secretAccessKey: "redline-local" }, "InvalidAccessKeyId"],
  ])("signed with %s is refused", async (_, credentials, name) => {
    const region = await target.client.config.region();
    const endpoint = target.cloud && { ...localClient(target.cloud.endpoints.s3), forcePathStyle: true };
    // On AWS the known access key is another one, so both are unknown there.
    const wanted = onAws ? "InvalidAccessKeyId" : name;
    const stranger = new S3Client({ region, ...endpoint, credentials });
    const asked = stranger.send(new GetObjectCommand({ Bucket: target.bucket, Key: "shared.txt" }));
    await expect(asked).rejects.toMatchObject({ name: wanted });
    const written = stranger.send(new PutObjectCommand({ Bucket: target.bucket, Key: "intruder", Body: "x" }));
    await expect(written).rejects.toMatchObject({ name: wanted });
    expect(await isThere("intruder")).toBe(false);
    stranger.destroy();
  });
});

describe("a presigned URL", () => {
  const sign = (expiresIn = 60) =>
    getSignedUrl(target.client, new GetObjectCommand({ Bucket: target.bucket, Key: "shared.txt" }), { expiresIn });

  test("returns the object to anyone who has it", async () => {
    const response = await fetch(await sign());
    expect([response.status, await response.text()]).toEqual([200, "shared"]);
  });

  test("may override the content's headers", async () => {
    const command = new GetObjectCommand({
      Bucket: target.bucket,
      Key: "shared.txt",
      ResponseContentDisposition: 'attachment; filename="b.txt"',
    });
    const response = await fetch(await getSignedUrl(target.client, command));
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="b.txt"');
  });

  test("is refused for another key, method, time or signature", async () => {
    const url = await sign();
    const changed = [
      fetch(url.replace("shared.txt", "other.txt")),
      fetch(url, { method: "PUT", body: "x" }),
      fetch(url, { method: "DELETE" }),
      fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")),
      fetch(url.replace(/(X-Amz-Signature=)\w{4}/, "$10000")),
      fetch(`${url}&response-content-type=text/html`),
    ];
    for (const response of await Promise.all(changed)) expect(await codeIn(response)).toBe("SignatureDoesNotMatch");
    expect(await textOf("shared.txt")).toBe("shared");
  });

  test("expires", async () => {
    const signingDate = new Date(Date.now() - 120_000);
    const command = new GetObjectCommand({ Bucket: target.bucket, Key: "shared.txt" });
    const url = await getSignedUrl(target.client, command, { expiresIn: 60, signingDate });
    const response = await fetch(url);
    expect([response.status, await codeIn(response)]).toEqual([403, "AccessDenied"]);
  });

  test("takes an upload, of the type that was signed", async () => {
    const command = new PutObjectCommand({ Bucket: target.bucket, Key: "uploaded", ContentType: "text/css" });
    const url = await getSignedUrl(target.client, command, { signableHeaders: new Set(["content-type"]) });
    const wrong = await fetch(url, { method: "PUT", body: "x", headers: { "content-type": "text/html" } });
    expect(await codeIn(wrong)).toBe("SignatureDoesNotMatch");
    const right = await fetch(url, { method: "PUT", body: "a {}", headers: { "content-type": "text/css" } });
    expect(right.status).toBe(200);
    expect(await textOf("uploaded")).toBe("a {}");
  });

  test("refuses headers that were not signed", async () => {
    const url = await getSignedUrl(target.client, new PutObjectCommand({ Bucket: target.bucket, Key: "smuggled" }));
    const response = await fetch(url, { method: "PUT", body: "x", headers: { "x-amz-meta-admin": "1" } });
    expect([response.status, await codeIn(response)]).toEqual([403, "AccessDenied"]);
  });
});

describe("a posted form", () => {
  const presign = (more: Partial<PresignedPostOptions> = {}) =>
    createPresignedPost(target.client, {
      Bucket: target.bucket,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 puts the file's name there
      Key: "uploads/${filename}",
      Expires: 60,
      Conditions: [["content-length-range", 1, 100]],
      ...more,
    });
  type Post = Awaited<ReturnType<typeof presign>>;
  const post = ({ url, fields }: Post, content: string, changed: Record<string, string> = {}, name = "a.ts") => {
    const form = new FormData();
    for (const [field, value] of Object.entries({ ...fields, ...changed })) form.append(field, value);
    form.append("file", new Blob([content]), name);
    return fetch(url, { method: "POST", body: form, headers: { origin: ORIGIN } });
  };

  test("stores its file under its own name where the policy lets it", async () => {
    const response = await post(await presign(), "const a = 1;\r\n--not-a-boundary\r\n");
    expect(response.status).toBe(204);
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(await textOf("uploads/a.ts")).toBe("const a = 1;\r\n--not-a-boundary\r\n");
  });

  test("stores a file of megabytes", async () => {
    const content = "0123456789abcdef\r\n--".repeat(150_000);
    const Conditions: PresignedPostOptions["Conditions"] = [["content-length-range", 1, 5 * 1024 * 1024]];
    expect((await post(await presign({ Conditions }), content, {}, "large")).status).toBe(204);
    expect(await textOf("uploads/large")).toBe(content);
  });

  test("keeps the type and metadata that the policy names", async () => {
    const Fields = { "Content-Type": "text/x-python", "x-amz-meta-session": "ses_1" };
    expect((await post(await presign({ Fields }), "x", {}, "typed.py")).status).toBe(204);
    const head = new HeadObjectCommand({ Bucket: target.bucket, Key: "uploads/typed.py" });
    expect(await target.client.send(head)).toMatchObject({
      ContentType: "text/x-python",
      Metadata: { session: "ses_1" },
    });
  });

  test("responds with 201 and the URL on request", async () => {
    const response = await post(await presign({ Fields: { success_action_status: "201" } }), "x", {}, "told");
    expect(response.status).toBe(201);
    expect(await response.text()).toContain("<Key>uploads/told</Key>");
  });

  test.each([
    ["larger than the policy allows", "x".repeat(101), {}, "EntityTooLarge"],
    ["smaller than the policy allows", "", {}, "EntityTooSmall"],
    ["to a key that the policy does not allow", "x", { key: "teams/1/blobs/x" }, "AccessDenied"],
    ["with a field that the policy does not know", "x", { "x-amz-meta-admin": "1" }, "AccessDenied"],
    ["with another policy", "x", { Policy: Buffer.from("{}").toString("base64") }, "SignatureDoesNotMatch"],
    ["with another signature", "x", { "X-Amz-Signature": "0".repeat(64) }, "SignatureDoesNotMatch"],
  ])("%s is refused and stores nothing", async (_, content, changed, code) => {
    const response = await post(await presign(), content, changed, "refused");
    expect(await codeIn(response)).toBe(code);
    expect(await isThere("uploads/refused")).toBe(false);
  });

  test("that has expired is refused", async () => {
    const response = await post(await presign({ Expires: -1 }), "x", {}, "late");
    expect([response.status, await codeIn(response)]).toEqual([403, "AccessDenied"]);
  });
});

describe("a page of another origin", () => {
  const preflight = (origin: string, method: string, headers?: string) =>
    fetch(urlOf(), {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        ...(headers ? { "access-control-request-headers": headers } : {}),
      },
    });
  let signed = "";
  const urlOf = () => signed;

  beforeAll(async () => {
    signed = await getSignedUrl(target.client, new GetObjectCommand({ Bucket: target.bucket, Key: "shared.txt" }));
  });

  test.each(["http://localhost:3000", "http://localhost:51234", "http://127.0.0.1:8080"])(
    "may be %s when a rule says so",
    async (origin) => {
      const response = await eventually(
        () => preflight(origin, "PUT", "content-type"),
        ({ status }) => status === 200,
      );
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("access-control-allow-headers")).toContain("content-type");
      expect(response.headers.get("access-control-max-age")).toBe("600");
    },
  );

  test.each([
    ["https://example.com", "PUT", undefined],
    ["http://localhost:3000.example.com.evil", "DELETE", undefined],
    ["null", "POST", undefined],
    ["http://localhost:3000", "DELETE", undefined],
    ["http://localhost:3000", "PUT", "authorization"],
  ])("%s may not %s with header %s", async (origin, method, headers) => {
    const response = await preflight(origin, method, headers);
    expect([response.status, await codeIn(response)]).toEqual([403, "AccessForbidden"]);
  });

  test("reads a response only when a rule allows its origin", async () => {
    const allowed = await fetch(signed, { headers: { origin: ORIGIN } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(allowed.headers.get("access-control-expose-headers")).toBe("ETag");
    const foreign = await fetch(signed, { headers: { origin: "https://example.com" } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });
});
