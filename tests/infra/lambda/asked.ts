/** What a request to AWS asks for in IAM's words: the actions, and on what. Names are those of the local cloud. */
export type Asked = { action: string; on: string };
export type Service = "dynamodb" | "s3" | "sqs" | "lambda" | "cloudwatch";
export type AwsRequest = { method: string; url: URL; target: string; body: Buffer };

/** Undefined where this service's request is none that we know: then it is refused, whoever sends it. */
export function askedFor(service: Service, request: AwsRequest): Asked[] | undefined {
  switch (service) {
    case "dynamodb":
      return ofTable(request);
    case "s3":
      return ofBucket(request);
    case "sqs":
      return ofQueue(request);
    case "lambda": {
      const [, name] = /\/functions\/([^/]+)\/invocations/.exec(request.url.pathname) ?? [];
      // Whoever names an alias asks for it: `Check:live` is another resource than `Check`.
      return name === undefined
        ? undefined
        : [{ action: "lambda:InvokeFunction", on: `function/${decodeURIComponent(name)}` }];
    }
    case "cloudwatch":
      return [{ action: `cloudwatch:${verbOf(request)}`, on: "*" }];
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

/** A transaction is allowed by what it is made of. */
const IN_TRANSACTION: Record<string, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  Get: "GetItem",
};

function ofTable(request: AwsRequest): Asked[] {
  const verb = verbOf(request);
  const { TableName, IndexName, RequestItems, TransactItems } = JSON.parse(request.body.toString()) as TableBody;
  if (TransactItems) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName: on }]) => ({
        action: `dynamodb:${IN_TRANSACTION[kind] ?? `${kind}Item`}`.replace(
          "ConditionCheckItemItem",
          "ConditionCheckItem",
        ),
        on: `table/${on}`,
      })),
    );
  }
  if (RequestItems) return Object.keys(RequestItems).map((on) => ({ action: `dynamodb:${verb}`, on: `table/${on}` }));
  return [{ action: `dynamodb:${verb}`, on: `table/${TableName}${IndexName ? `/index/${IndexName}` : ""}` }];
}

function ofBucket({ method, url, body }: AwsRequest): Asked[] | undefined {
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  const { searchParams: query } = url;
  const on = `bucket/${bucket}`;
  const object = `${on}/${decodeURIComponent(key)}`;
  const version = query.has("versionId") ? "Version" : "";
  if (key === "") {
    if (method === "POST" && query.has("delete")) {
      return [...body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, text = ""]) => ({
        action: `s3:DeleteObject${text.includes("<VersionId>") ? "Version" : ""}`,
        on: `${on}/${/<Key>(.*?)<\/Key>/s.exec(text)?.[1] ?? ""}`,
      }));
    }
    if (method === "POST") return ofForm(on, body);
    if (method !== "GET" && method !== "HEAD") return undefined;
    return [{ action: query.has("versions") ? "s3:ListBucketVersions" : "s3:ListBucket", on }];
  }
  const verb = ({ GET: "Get", HEAD: "Get", PUT: "Put", DELETE: "Delete" } as Record<string, string>)[method];
  return verb ? [{ action: `s3:${verb}Object${version}`, on: object }] : undefined;
}

/** A form that a browser posts is done in the name of whoever signed it. */
function ofForm(bucket: string, body: Buffer): Asked[] | undefined {
  const [, key] = /name="key"\r\n\r\n(.*?)\r\n/.exec(body.toString("latin1")) ?? [];
  return key === undefined ? undefined : [{ action: "s3:PutObject", on: `${bucket}/${key}` }];
}

/** Batches have no actions of their own. */
function ofQueue(request: AwsRequest): Asked[] {
  const { QueueUrl } = JSON.parse(request.body.toString()) as { QueueUrl: string };
  return [{ action: `sqs:${verbOf(request).replace(/Batch$/, "")}`, on: `queue/${QueueUrl.split("/").at(-1)}` }];
}
