/** Events as AWS sends them. */
import { randomUUID } from "node:crypto";
import { edgeKey } from "@redline/core/platform/edge";
import type { SQSRecord } from "aws-lambda";

export const SIGNING_KEY = "a".repeat(64);
export const ORIGIN = "https://redline.example";

export type HttpRequest = {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  cookies?: string[];
};

/** A request as a function URL hands it on, marked by the router unless it came around it. */
export function urlEvent({ method = "GET", path, headers = {}, body, cookies }: HttpRequest, isFromEdge = true) {
  const [rawPath = "/", rawQueryString = ""] = path.split("?");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    cookies,
    headers: {
      host: "abc.lambda-url.us-east-1.on.aws",
      "x-forwarded-host": new URL(ORIGIN).host,
      accept: "text/html",
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
      ...(isFromEdge && { "x-redline-edge": edgeKey(SIGNING_KEY), "x-redline-viewer": "192.0.2.1" }),
      ...(method !== "GET" && { origin: ORIGIN, "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    requestContext: { http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.9" }, stage: "$default" },
    body: body && Buffer.from(body).toString("base64"),
    isBase64Encoded: body !== undefined,
  };
}

export const sqsRecord = (body: string, messageId: string = randomUUID(), receiptHandle = "handle"): SQSRecord => ({
  messageId,
  receiptHandle,
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1700000000000",
    SenderId: "AIDA",
    ApproximateFirstReceiveTimestamp: "1700000000001",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:redline-review",
  awsRegion: "us-east-1",
});
