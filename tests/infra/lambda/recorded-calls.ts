/** A call to AWS as IAM checks it. `resource` is named as in the local cloud. */
export type RecordedCall = { action: string; resource: string };
export type Service = "dynamodb" | "s3" | "sqs" | "lambda" | "cloudwatch";
export type AwsRequest = { method: string; url: URL; target: string; body: Buffer };

/** Returns the calls that a request makes, or undefined for an unknown request, which is refused. */
export function parseCalls(service: Service, request: AwsRequest): RecordedCall[] | undefined {
  switch (service) {
    case "dynamodb":
      return parseTableCalls(request);
    case "s3":
      return parseBucketCalls(request);
    case "sqs":
      return parseQueueCall(request);
    case "lambda": {
      const [, name] = /\/functions\/([^/]+)\/invocations/.exec(request.url.pathname) ?? [];
      // An alias is a resource of its own: `Check:live` is not `Check`.
      return name === undefined
        ? undefined
        : [{ action: "lambda:InvokeFunction", resource: `function/${decodeURIComponent(name)}` }];
    }
    case "cloudwatch":
      return [{ action: `cloudwatch:${verbOf(request)}`, resource: "*" }];
  }
}

const verbOf = ({ target, url }: AwsRequest): string =>
  target.split(".").at(-1) || (url.pathname.split("/").at(-1) ?? "");

type TableBody = {
  TableName: string;
  IndexName?: string;
  RequestItems?: Record<string, unknown>;
  TransactItems?: Record<string, { TableName: string }>[];
};

/** IAM checks a transaction by its parts. */
const IN_TRANSACTION: Record<string, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  Get: "GetItem",
};

function parseTableCalls(request: AwsRequest): RecordedCall[] {
  const verb = verbOf(request);
  const { TableName, IndexName, RequestItems, TransactItems } = JSON.parse(request.body.toString()) as TableBody;
  if (TransactItems) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName: name }]) => ({
        action: `dynamodb:${IN_TRANSACTION[kind] ?? `${kind}Item`}`.replace(
          "ConditionCheckItemItem",
          "ConditionCheckItem",
        ),
        resource: `table/${name}`,
      })),
    );
  }
  if (RequestItems)
    return Object.keys(RequestItems).map((name) => ({ action: `dynamodb:${verb}`, resource: `table/${name}` }));
  return [{ action: `dynamodb:${verb}`, resource: `table/${TableName}${IndexName ? `/index/${IndexName}` : ""}` }];
}

function parseBucketCalls({ method, url, body }: AwsRequest): RecordedCall[] | undefined {
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  const { searchParams: query } = url;
  const resource = `bucket/${bucket}`;
  const object = `${resource}/${decodeURIComponent(key)}`;
  const version = query.has("versionId") ? "Version" : "";
  if (key === "") {
    if (method === "POST" && query.has("delete")) {
      return [...body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, text = ""]) => ({
        action: `s3:DeleteObject${text.includes("<VersionId>") ? "Version" : ""}`,
        resource: `${resource}/${/<Key>(.*?)<\/Key>/s.exec(text)?.[1] ?? ""}`,
      }));
    }
    if (method === "POST") return parseFormCall(resource, body);
    if (method !== "GET" && method !== "HEAD") return undefined;
    return [{ action: query.has("versions") ? "s3:ListBucketVersions" : "s3:ListBucket", resource }];
  }
  const verb = ({ GET: "Get", HEAD: "Get", PUT: "Put", DELETE: "Delete" } as Record<string, string>)[method];
  return verb ? [{ action: `s3:${verb}Object${version}`, resource: object }] : undefined;
}

/** A form that a browser posts acts with the permissions of its signer. */
function parseFormCall(bucket: string, body: Buffer): RecordedCall[] | undefined {
  const [, key] = /name="key"\r\n\r\n(.*?)\r\n/.exec(body.toString("latin1")) ?? [];
  return key === undefined ? undefined : [{ action: "s3:PutObject", resource: `${bucket}/${key}` }];
}

/** IAM has no actions for batches. */
function parseQueueCall(request: AwsRequest): RecordedCall[] {
  const { QueueUrl } = JSON.parse(request.body.toString()) as { QueueUrl: string };
  return [{ action: `sqs:${verbOf(request).replace(/Batch$/, "")}`, resource: `queue/${QueueUrl.split("/").at(-1)}` }];
}
