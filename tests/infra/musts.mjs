/**
 * Everything that aws.md says a stage must have. Each entry tells what is wrong with a stage, and how to break a stage so
 * that it has something to tell: an entry that cannot fail proves nothing.
 */

/**
 * @typedef {import("./world.mjs").World} World
 * @typedef {{ must: string; in?: "production"; problems(world: World): string[]; breaks(world: World): void }} Must
 */

const DAY = 24 * 60 * 60;
/** Actions for which AWS knows no narrower resource than all. */
const ANY_RESOURCE = new Set(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]);
const CLOUDFRONT_FUNCTION_BYTES = 10 * 1024;

/** @param {Iterable<{ name: string }>} resources @param {string} problem */
const each = (resources, problem) => [...resources].map(({ name }) => `${name}: ${problem}`);

/** @param {any} alarm @param {string} value whether any dimension of the alarm is this */
const watches = (alarm, value) => JSON.stringify(alarm.inputs).includes(JSON.stringify(value));

/** @type {Must[]} */
const data = [
  {
    must: "the table can be restored to any second of the last 35 days",
    problems: ({ table }) => (table.inputs.pointInTimeRecovery?.enabled ? [] : ["no point-in-time recovery"]),
    breaks: ({ table }) => {
      table.inputs.pointInTimeRecovery = { enabled: false };
    },
  },
  {
    must: "the table is encrypted, on demand, and expires items",
    problems: ({ table: { inputs } }) => [
      ...(inputs.serverSideEncryption?.enabled ? [] : ["not encrypted"]),
      ...(inputs.billingMode === "PAY_PER_REQUEST" ? [] : ["not on demand"]),
      ...(inputs.ttl?.enabled && inputs.ttl.attributeName === "ttl" ? [] : ["no expiry"]),
    ],
    breaks: ({ table }) => void delete table.inputs.serverSideEncryption,
  },
  {
    must: "production's table cannot be deleted by mistake",
    in: "production",
    problems: ({ table, app }) => [
      ...(table.inputs.deletionProtectionEnabled ? [] : ["the table can be deleted"]),
      ...(app.protect && app.removal === "retain" ? [] : ["removing the stage would remove its data"]),
    ],
    breaks: ({ table }) => {
      table.inputs.deletionProtectionEnabled = false;
    },
  },
  {
    must: "the stream carries both images and wakes its function for announcements only, in parts, a bounded number of times",
    problems: (world) => {
      const { inputs } = world.one("aws:lambda/eventSourceMapping:EventSourceMapping", /TableChanges/);
      const filter = JSON.stringify(inputs.filterCriteria ?? {});
      return [
        ...(world.table.inputs.streamViewType === "NEW_AND_OLD_IMAGES" ? [] : ["not both images"]),
        ...(filter.includes("announceId") ? [] : ["no filter on announceId"]),
        ...(inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ? [] : ["no partial batches"]),
        ...(inputs.bisectBatchOnFunctionError ? [] : ["no bisecting"]),
        ...(inputs.maximumRetryAttempts === 5 ? [] : ["not five attempts"]),
        ...(/^arn:aws:s3:/.test(inputs.destinationConfig?.onFailure?.destinationArn ?? "")
          ? []
          : ["failures are dropped"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:lambda/eventSourceMapping:EventSourceMapping", /TableChanges/).inputs.destinationConfig =
        undefined;
    },
  },
  {
    must: "every bucket is closed to the public and to plain HTTP",
    problems: (world) =>
      world.all("aws:s3/bucket:Bucket").flatMap((bucket) => {
        const physical = bucket.inputs.bucket;
        const block = world
          .all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
          .find((each) => each.inputs.bucket === physical);
        const policy = world.all("aws:s3/bucketPolicy:BucketPolicy").find((each) => each.inputs.bucket === physical);
        const isBlocked = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].every(
          (name) => block?.inputs[name] === true,
        );
        return [
          ...(isBlocked ? [] : each([bucket], "open to the public")),
          ...(/"Deny".*aws:SecureTransport/.test(policy?.inputs.policy ?? "")
            ? []
            : each([bucket], "takes plain HTTP")),
        ];
      }),
    breaks: (world) => world.remove("aws:s3/bucketPolicy:BucketPolicy", /^RedlineBlobs/),
  },
  {
    must: "blobs keep old versions for 90 days, uploads for one and exports for seven",
    problems: (world) => {
      const versioning = world.one("aws:s3/bucketVersioning:BucketVersioning", /^RedlineBlobs/);
      const { rules } = world.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        /^RedlineBlobs/,
      ).inputs;
      const days = (/** @type {string} */ prefix) =>
        rules.find((/** @type {any} */ rule) => rule.filter?.prefix === prefix)?.expiration?.days;
      const old = rules.find((/** @type {any} */ rule) => rule.noncurrentVersionExpiration);
      return [
        ...(versioning.inputs.versioningConfiguration?.status === "Enabled" ? [] : ["not versioned"]),
        ...(days("uploads/") === 1 ? [] : ["uploads stay"]),
        ...(days("exports/") === 7 ? [] : ["exports stay"]),
        ...(old?.noncurrentVersionExpiration.noncurrentDays === 90 ? [] : ["old versions stay"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", /^RedlineBlobs/).inputs.rules.pop();
    },
  },
];

/** @type {Must[]} */
const queues = [
  {
    must: "there is a queue for reviews and for each agent, and each has dead letters of its own after three receives",
    problems: ({ jobQueues, deadQueues }) => {
      const names = ["Review", "Pm", "Dev", "Qa", "Ops"];
      const missing = names.filter((name) => !jobQueues.some((queue) => queue.name === `${name}JobsQueue`));
      return [
        ...missing.map((name) => `no queue ${name}`),
        ...jobQueues.flatMap((queue) => {
          const redrive = JSON.parse(queue.inputs.redrivePolicy ?? "{}");
          const dead = deadQueues.find(({ name }) => name === queue.name.replace("Jobs", "Dead"));
          const isOwn = !!dead && String(redrive.deadLetterTargetArn).endsWith(`:${dead.inputs.name}`);
          return isOwn && redrive.maxReceiveCount === 3 ? [] : each([queue], "no dead letters after three receives");
        }),
      ];
    },
    breaks: ({ jobQueues }) => void delete jobQueues[2]?.inputs.redrivePolicy,
  },
  {
    must: "a job is not given out again while it may still be worked on: visibility is six times the timeout",
    problems: (world) =>
      world.mappings
        .filter(({ inputs }) => inputs.eventSourceArn.includes(":sqs:"))
        .flatMap(({ inputs }) => {
          const queue = world.jobQueues.find((each) => inputs.eventSourceArn.endsWith(`:${each.inputs.name}`));
          const worker = world.functions.find((each) => inputs.functionName.endsWith(`:${each.inputs.name}`));
          if (!queue || !worker) return ["a mapping without its queue or function"];
          const needed = 6 * worker.inputs.timeout;
          return queue.inputs.visibilityTimeoutSeconds >= needed ? [] : each([queue], `needs ${needed} s`);
        }),
    breaks: ({ jobQueues }) => {
      for (const queue of jobQueues) queue.inputs.visibilityTimeoutSeconds = 300;
    },
  },
  {
    must: "queues are encrypted, keep jobs four days and dead letters fourteen",
    problems: ({ jobQueues, deadQueues }) => [
      ...each(
        [...jobQueues, ...deadQueues].filter(({ inputs }) => !inputs.sqsManagedSseEnabled),
        "not encrypted",
      ),
      ...each(
        jobQueues.filter(({ inputs }) => inputs.messageRetentionSeconds !== 4 * DAY),
        "not four days",
      ),
      ...each(
        deadQueues.filter(({ inputs }) => inputs.messageRetentionSeconds !== 14 * DAY),
        "not fourteen days",
      ),
    ],
    breaks: ({ deadQueues }) => {
      for (const queue of deadQueues) queue.inputs.messageRetentionSeconds = 4 * DAY;
    },
  },
  {
    must: "workers fail single messages, not whole batches, and only so many work at once",
    problems: (world) =>
      world.mappings
        .filter(({ inputs }) => inputs.eventSourceArn.includes(":sqs:"))
        .flatMap((mapping) => [
          ...(mapping.inputs.functionResponseTypes?.includes("ReportBatchItemFailures")
            ? []
            : each([mapping], "whole batches fail")),
          ...(mapping.inputs.scalingConfig?.maximumConcurrency >= 2 ? [] : each([mapping], "no bound on concurrency")),
        ]),
    breaks: (world) => {
      for (const { inputs } of world.mappings) delete inputs.scalingConfig;
    },
  },
  {
    must: "the worker writes dead letters, the operator's page reads and takes them, and nobody else may do either",
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
    breaks: (world) =>
      world.grant(/^SweepHandlerRole/, {
        Action: "sqs:ReceiveMessage",
        Resource: "arn:aws:sqs:us-east-1:123456789012:redline-production-ReviewDeadQueue-abcdefgh",
      }),
  },
  {
    must: "an alarm watches every queue's oldest job and every dead letter",
    problems: ({ alarms, jobQueues, deadQueues }) => {
      const isWatched = (/** @type {any} */ queue, /** @type {string} */ metric) =>
        alarms.some(({ inputs }) => inputs.metricName === metric && inputs.dimensions?.QueueName === queue.inputs.name);
      return [
        ...each(
          jobQueues.filter((queue) => !isWatched(queue, "ApproximateAgeOfOldestMessage")),
          "nobody watches its oldest job",
        ),
        ...each(
          deadQueues.filter((queue) => !isWatched(queue, "ApproximateNumberOfMessagesVisible")),
          "nobody watches it",
        ),
      ];
    },
    breaks: (world) => world.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^QaDeadLetters/),
  },
];

/** @type {Must[]} */
const functions = [
  {
    must: "every function runs Node 22 on arm64, is traced, and writes structured logs that are kept a week at most",
    problems: (world) =>
      world.functions.flatMap((fn) => {
        const group = world
          .all("aws:cloudwatch/logGroup:LogGroup")
          .find(({ inputs }) => inputs.name === fn.inputs.loggingConfig?.logGroup);
        const days = group?.inputs.retentionInDays;
        const most = world.app.stage.startsWith("dev") ? 3 : 7;
        return [
          ...(fn.inputs.runtime === "nodejs22.x" ? [] : each([fn], `runs ${fn.inputs.runtime}`)),
          ...(fn.inputs.architectures?.[0] === "arm64" ? [] : each([fn], "not arm64")),
          ...(fn.inputs.tracingConfig?.mode === "Active" ? [] : each([fn], "not traced")),
          ...(fn.inputs.loggingConfig?.logFormat === "JSON" ? [] : each([fn], "logs are not structured")),
          ...(days > 0 && days <= most ? [] : each([fn], `logs are kept ${days ?? "for ever"}`)),
        ];
      }),
    breaks: ({ functions: all }) => {
      for (const { inputs } of all) inputs.tracingConfig = { mode: "PassThrough" };
    },
  },
  {
    must: "no role may do every action of a service, nor anything to every resource but what AWS has no resources for",
    problems: ({ statements }) =>
      statements.flatMap(({ role, Action, Resource }) => [
        ...Action.filter((action) => action.includes("*")).map((action) => `${role}: ${action}`),
        ...(Resource.some((resource) => resource === "*")
          ? Action.filter((action) => !ANY_RESOURCE.has(action)).map((action) => `${role}: ${action} on *`)
          : []),
      ]),
    breaks: (world) => world.grant(/^LogsRole/, { Action: "dynamodb:*", Resource: world.table.inputs.arn ?? "arn" }),
  },
  {
    must: "the functions that call a model may, and are told which",
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
    breaks: (world) => {
      world.one("aws:iam/role:Role", /^LogsRole/).inputs.inlinePolicies = [];
    },
  },
  {
    must: "only functions that call a model know the key of its server",
    problems: ({ builds }) => {
      const knowing = builds.filter(({ links }) => links.includes("ModelKey")).map(({ id }) => id);
      return [
        ...knowing.filter((id) => !/^(SiteServer|Logs|ReviewJobs)/.test(id)).map((id) => `${id} knows the model's key`),
        ...["SiteServer", "Logs", "ReviewJobs"]
          .filter((name) => !knowing.some((id) => id.startsWith(name)))
          .map((name) => `${name} does not know the model's key`),
      ];
    },
    breaks: ({ builds }) => void builds.find(({ id }) => id.startsWith("Sweep"))?.links.push("ModelKey"),
  },
  {
    must: "only functions that call a model may, and only the models that are configured",
    problems: ({ statements }) =>
      statements
        .filter(({ Action }) => Action.some((action) => action.startsWith("bedrock:")))
        .flatMap(({ role, Resource }) => [
          ...(/^(SiteServer|Logs|ReviewJobs)/.test(role) ? [] : [`${role} may call a model`]),
          ...Resource.filter((resource) => !/foundation-model\/[^*]+$|inference-profile\/[^*]+$/.test(resource)).map(
            (resource) => `${role}: ${resource}`,
          ),
        ]),
    breaks: (world) =>
      world.grant(/^SweepHandlerRole/, {
        Action: "bedrock:InvokeModel",
        Resource: "arn:aws:bedrock:*::foundation-model/*",
      }),
  },
  {
    must: "money cannot run away where anybody can start work: streams and engines have a bounded concurrency",
    problems: ({ functions: all }) =>
      each(
        all.filter(
          ({ name, inputs }) => /^(Logs|Check)Function/.test(name) && !(inputs.reservedConcurrentExecutions > 0),
        ),
        "unbounded",
      ),
    breaks: (world) => {
      delete world.one("aws:lambda/function:Function", /^LogsFunction/).inputs.reservedConcurrentExecutions;
    },
  },
  {
    must: "every function has an alarm for errors, throttles and its timeout, and someone is told",
    problems: ({ alarms, functions: all }) => [
      ...each(
        all.filter(
          (fn) =>
            !alarms.some(
              (alarm) =>
                watches(alarm, fn.inputs.name) &&
                ["Errors", "Throttles", "Duration"].every((metric) => watches(alarm, metric)),
            ),
        ),
        "nobody watches it",
      ),
      ...each(
        alarms.filter(({ inputs }) => !inputs.alarmActions?.length),
        "tells nobody",
      ),
    ],
    breaks: (world) => world.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^SweepFailing/),
  },
];

/** @type {Must[]} */
const web = [
  {
    must: "function URLs stream, allow no other site, and are reached through the router that marks its requests",
    problems: (world) => {
      const edge = world.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/);
      return [
        ...world
          .all("aws:lambda/functionUrl:FunctionUrl")
          .flatMap((url) => [
            ...(url.inputs.invokeMode === "RESPONSE_STREAM" ? [] : each([url], "does not stream")),
            ...(url.inputs.cors ? each([url], "answers other sites") : []),
          ]),
        ...(/headers\["x-redline-edge"\] = \{ value: "[0-9a-f]{64}" \}/.test(edge.inputs.code)
          ? []
          : ["the router does not mark its requests"]),
        ...(/headers\["x-redline-viewer"\] = \{ value: event\.viewer\.ip \}/.test(edge.inputs.code)
          ? []
          : ["a client could say who it is"]),
      ];
    },
    breaks: (world) => {
      for (const { inputs } of world.all("aws:lambda/functionUrl:FunctionUrl")) inputs.invokeMode = "BUFFERED";
    },
  },
  {
    must: "the router's function fits CloudFront",
    problems: (world) =>
      each(
        world
          .all("aws:cloudfront/function:Function")
          .filter(({ inputs }) => Buffer.byteLength(inputs.code) > CLOUDFRONT_FUNCTION_BYTES),
        "over 10 KB",
      ),
    breaks: (world) => {
      for (const { inputs } of world.all("aws:cloudfront/function:Function")) inputs.code += " ".repeat(11_000);
    },
  },
  {
    must: "the firewall bounds each address, sign-in tighter, and does not take code for an attack",
    problems: (world) => {
      const { rules } = world.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      const text = JSON.stringify(rules);
      const limits = rules
        .map((/** @type {any} */ rule) => rule.statement.rateBasedStatement)
        .filter(Boolean)
        .map((/** @type {any} */ rate) => [rate.limit, rate.scopeDownStatement?.byteMatchStatement?.searchString]);
      const counted = rules.flatMap((/** @type {any} */ rule) =>
        (rule.statement.managedRuleGroupStatement?.ruleActionOverrides ?? []).map((/** @type {any} */ one) => one.name),
      );
      return [
        ...(JSON.stringify(limits) === '[[100,"/auth/"],[20000,null]]' ? [] : [`rates are ${JSON.stringify(limits)}`]),
        ...["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
          .filter((name) => !text.includes(`"${name}"`))
          .map((name) => `no ${name}`),
        ...["SizeRestrictions_BODY", "NoUserAgent_HEADER", "RestrictedExtensions_URIPATH", "CrossSiteScripting_BODY"]
          .filter((name) => !counted.includes(name))
          .map((name) => `${name} blocks code`),
      ];
    },
    breaks: (world) => {
      const { rules } = world.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      rules[2].statement.managedRuleGroupStatement.ruleActionOverrides.shift();
    },
  },
  {
    must: "everything is served over HTTPS, behind the firewall",
    problems: (world) => {
      const { inputs } = world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/);
      return [
        ...(inputs.defaultCacheBehavior?.viewerProtocolPolicy === "redirect-to-https" ? [] : ["plain HTTP is served"]),
        ...(String(inputs.webAclId).includes("EdgeWaf") ? [] : ["no firewall"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.webAclId = undefined;
    },
  },
  {
    must: "pages are cached nowhere unless they say so, and cookies reach the site",
    problems: (world) => {
      const policy = world.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs;
      const behaviour = world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.defaultCacheBehavior;
      const ALL_VIEWER_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
      return [
        ...(policy.defaultTtl === 0 && policy.minTtl === 0 ? [] : ["pages are cached by default"]),
        ...(behaviour.originRequestPolicyId === ALL_VIEWER_BUT_HOST ? [] : ["cookies and the edge's mark are dropped"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs.defaultTtl = 60;
    },
  },
  {
    must: "slow pages, a late stream, lost announcements and a throttled table raise alarms",
    problems: ({ alarms }) =>
      ["SiteSlow", "StreamBehind", "StreamFailures", "TableThrottled"]
        .filter((name) => !alarms.some((alarm) => alarm.name === name))
        .map((name) => `no alarm ${name}`),
    breaks: (world) => world.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^StreamBehind/),
  },
  {
    must: "a model that runs out of time or costs much raises an alarm, on what the functions of this stage count",
    problems: ({ alarms, app }) => {
      const timeouts = alarms.find(({ name }) => name === "ModelTimeouts")?.inputs;
      const spend = alarms.find(({ name }) => name === "ModelSpend")?.inputs;
      const queried = (timeouts?.metricQueries ?? []).flatMap((/** @type {any} */ each) => each.metric ?? []);
      const counted = [...queried, ...(spend ? [spend] : [])];
      return [
        ...(timeouts?.threshold === 0.1 && queried.length === 2 ? [] : ["nobody watches time-outs over a tenth"]),
        ...(spend?.threshold === 20_000_000 && spend.period === 3_600 ? [] : ["nobody watches $20 an hour"]),
        ...counted
          .filter(({ namespace, metricName, dimensions }) => {
            const isCounted = namespace === "Redline" && /^Model(Calls|Timeouts|MicroUsd)$/.test(metricName);
            return !isCounted || dimensions?.Stage !== app.stage;
          })
          .map(({ metricName }) => `${metricName} is counted by nobody here`),
      ];
    },
    breaks: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "ModelSpend") inputs.dimensions = {};
    },
  },
  {
    must: "production warns before its budget is spent",
    in: "production",
    problems: (world) =>
      world
        .all("aws:budgets/budget:Budget")
        .some(({ inputs }) => inputs.notifications?.some((/** @type {any} */ one) => one.threshold === 80))
        ? []
        : ["no budget with a warning at 80%"],
    breaks: (world) => world.remove("aws:budgets/budget:Budget", /./),
  },
  {
    must: "there is one dashboard",
    problems: (world) => {
      const [dashboard, ...more] = world.all("aws:cloudwatch/dashboard:Dashboard");
      if (!dashboard || more.length > 0) return ["not one dashboard"];
      return JSON.parse(dashboard.inputs.dashboardBody).widgets.length >= 5 ? [] : ["it shows little"];
    },
    breaks: (world) => world.remove("aws:cloudwatch/dashboard:Dashboard", /./),
  },
  {
    must: "the jobs that keep promises run on time: the sweep each minute, the night's work each night",
    problems: (world) => {
      const schedules = world.all("aws:scheduler/schedule:Schedule").map(({ inputs }) => inputs.scheduleExpression);
      return ["rate(1 minute)", "cron(15 3 * * ? *)"]
        .filter((expression) => !schedules.includes(expression))
        .map((expression) => `nothing runs at ${expression}`);
    },
    breaks: (world) => world.remove("aws:scheduler/schedule:Schedule", /^Sweep/),
  },
];

/** @type {Must[]} */
export const MUSTS = [
  {
    must: "the stage synthesises without an error and every function has its code",
    problems: ({ errors, unknownCalls, builds }) => [
      ...errors,
      ...unknownCalls.map((call) => `nobody answers ${call}`),
      ...builds.flatMap((build) => build.errors),
    ],
    breaks: (world) => void world.builds[0]?.errors.push("Handler not found"),
  },
  ...data,
  ...queues,
  ...functions,
  ...web,
];
