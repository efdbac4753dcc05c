/** Rules for the functions' permissions and secrets. */
/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** Actions for which AWS knows no narrower resource than all. */
const ANY_RESOURCE = new Set(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "cloudwatch:GetMetricData"]);

/** Permissions that no role may have; the first that matches counts. */
const NEVER = [
  { who: /^Check/, does: /^(?!xray:)/ },
  {
    who: /TableChanges/,
    does: /^(?!sqs:SendMessage|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|s3:(PutObject|ListBucket)$)/,
  },
  {
    who: /^SweepHandler/,
    does: /^(lambda|bedrock|cloudwatch|s3):|dynamodb:BatchWriteItem/,
  },
  { who: /^NightlyHandler/, does: /^(sqs|lambda|bedrock|cloudwatch):|dynamodb:(Put|Update)Item|s3:PutObject/ },
  { who: /^Logs/, does: /^(sqs|cloudwatch):|DeleteObject|dynamodb:(DeleteItem|BatchWriteItem)/ },
  { who: /^ReviewJobs/, does: /^cloudwatch:|DeleteObject|ListBucketVersions/ },
  { who: /^SiteServer/, does: /DeleteObjectVersion|ListBucketVersions|cloudfront:/ },
];

/** @type {InfraRule[]} */
export const PERMISSIONS = [
  {
    rule: "each function may touch the table, the blobs and the queues only as its work needs",
    problems: ({ statements }) =>
      statements
        .filter(({ role }) => role.endsWith("Role"))
        .flatMap(({ role, Action }) => {
          const never = NEVER.find(({ who }) => who.test(role));
          return Action.filter((action) => never?.does.test(action)).map((action) => `${role} may ${action}`);
        }),
    mutate: (stack) =>
      stack.grant(/^SweepHandlerRole/, {
        Action: "s3:DeleteObject",
        Resource: "arn:aws:s3:::redline-production-blobs/*",
      }),
  },
  {
    rule: "only what answers browsers knows the keys that sign, and the operator's secret",
    problems: ({ builds }) =>
      builds.flatMap(({ id, links }) =>
        links
          .filter(
            (link) => /^(SigningKey|SigningKeyBefore|OperatorSecret)$/.test(link) && !/^(SiteServer|Logs)/.test(id),
          )
          .map((link) => `${id} knows ${link}`),
      ),
    mutate: ({ builds }) => void builds.find(({ id }) => id.startsWith("ReviewJobs"))?.links.push("SigningKey"),
  },
  {
    rule: "no role may do every action of a service, nor anything to every resource but what AWS has no resources for",
    problems: ({ statements }) =>
      statements.flatMap(({ role, Action, Resource }) => [
        ...Action.filter((action) => action.includes("*")).map((action) => `${role}: ${action}`),
        ...(Resource.some((resource) => resource === "*")
          ? Action.filter((action) => !ANY_RESOURCE.has(action)).map((action) => `${role}: ${action} on *`)
          : []),
      ]),
    mutate: (stack) => stack.grant(/^LogsRole/, { Action: "dynamodb:*", Resource: stack.table.inputs.arn ?? "arn" }),
  },
  {
    rule: "the functions that call a model may, and are told which",
    in: "production",
    problems: ({ statements, functions: all }) =>
      ["SiteServer", "Logs", "ReviewJobs"].flatMap((name) => [
        ...(statements.some(
          ({ role, Action }) => role.startsWith(name) && Action.includes("bedrock:InvokeModelWithResponseStream"),
        )
          ? []
          : [`${name} may not call the model`]),
        ...(all.some(
          (fn) => fn.name.startsWith(name) && fn.inputs.environment.variables.REDLINE_MODEL?.startsWith("bedrock:"),
        )
          ? []
          : [`${name} is not told the model`]),
      ]),
    mutate: (stack) => {
      stack.one("aws:iam/role:Role", /^LogsRole/).inputs.inlinePolicies = [];
    },
  },
  {
    rule: "only functions that call a model know the key of its server",
    problems: ({ builds }) => {
      const knowing = builds.filter(({ links }) => links.includes("ModelKey")).map(({ id }) => id);
      return [
        ...knowing.filter((id) => !/^(SiteServer|Logs|ReviewJobs)/.test(id)).map((id) => `${id} knows the model's key`),
        ...["SiteServer", "Logs", "ReviewJobs"]
          .filter((name) => !knowing.some((id) => id.startsWith(name)))
          .map((name) => `${name} does not know the model's key`),
      ];
    },
    mutate: ({ builds }) => void builds.find(({ id }) => id.startsWith("Sweep"))?.links.push("ModelKey"),
  },
  {
    rule: "only functions that call a model may, and only the models that are configured",
    problems: ({ statements }) =>
      statements
        .filter(({ Action }) => Action.some((action) => action.startsWith("bedrock:")))
        .flatMap(({ role, Resource }) => [
          ...(/^(SiteServer|Logs|ReviewJobs)/.test(role) ? [] : [`${role} may call a model`]),
          ...Resource.filter((resource) => !/foundation-model\/[^*]+$|inference-profile\/[^*]+$/.test(resource)).map(
            (resource) => `${role}: ${resource}`,
          ),
        ]),
    mutate: (stack) =>
      stack.grant(/^SweepHandlerRole/, {
        Action: "bedrock:InvokeModel",
        Resource: "arn:aws:bedrock:*::foundation-model/*",
      }),
  },
  {
    rule: "the worker writes dead letters, the operator's page reads and takes them, and nobody else may do either",
    problems: ({ statements }) => {
      const may = (/** @type {string} */ who, /** @type {string} */ action) =>
        statements.some(
          ({ role, Action, Resource }) =>
            role.startsWith(who) &&
            Action.includes(action) &&
            Resource.some((each) => each.includes("ReviewDeadQueue")),
        );
      const takes = ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"];
      return [
        ...(may("ReviewJobs", "sqs:SendMessage") ? [] : ["the worker can't give a job up"]),
        ...takes.filter((each) => !may("SiteServer", `sqs:${each}`)).map((each) => `the page lacks ${each}`),
        ...statements
          .filter(({ Resource }) => Resource.some((each) => /DeadQueue/.test(each)))
          .filter(({ role }) => !/^(SiteServer|ReviewJobs)/.test(role))
          .map(({ role }) => `${role} reaches dead letters`),
      ];
    },
    mutate: (stack) =>
      stack.grant(/^SweepHandlerRole/, {
        Action: "sqs:ReceiveMessage",
        Resource: "arn:aws:sqs:us-east-1:123456789012:redline-production-ReviewDeadQueue-abcdefgh",
      }),
  },
];
