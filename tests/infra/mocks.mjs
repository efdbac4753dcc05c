/**
 * Runs a Pulumi program against no cloud at all: every resource is recorded with its inputs and answered with what AWS
 * would have made of it. The synthesiser bundles this file with the program and runs both in a process of their own.
 */

const ACCOUNT = "123456789012";
const REGION = "us-east-1";

/** The part of `@pulumi/pulumi` used here; the real one belongs to SST's platform.
 * @typedef {{
 *   output(value: unknown): { apply(then: (value: any) => unknown): unknown };
 *   ComponentResource: { prototype: { registerOutputs(outputs?: unknown): void } };
 *   runtime: {
 *     setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
 *     runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
 *     waitForRPCs(): Promise<void>;
 *   };
 * }} Pulumi */

/** @typedef {Record<string, unknown>} Inputs */
/** @typedef {{ command: string; directory: string; environment: Record<string, string>; links: string[]; aws: { role: string } }} DevCommand */

/** Services whose ARNs have no region or another word than the resource's type. */
const ARN_KIND = /** @type {Record<string, string>} */ ({
  dynamodb: "table/",
  lambda: "function:",
  iam: "role/",
});
const ARN_SERVICE = /** @type {Record<string, string>} */ ({ cloudwatch: "cloudwatch", apigatewayv2: "apigateway" });
const WITHOUT_REGION = new Set(["s3", "iam", "cloudfront"]);

/** @param {string} type @param {string} physicalName */
function arnOf(type, physicalName) {
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  const region = WITHOUT_REGION.has(service) ? "" : REGION;
  const account = service === "s3" ? "" : ACCOUNT;
  return `arn:aws:${ARN_SERVICE[service] ?? service}:${region}:${account}:${ARN_KIND[service] ?? ""}${physicalName}`;
}

/** By which a function's published version is called. @param {string} arn */
const invokeArns = (arn) => ({
  qualifiedArn: `${arn}:1`,
  responseStreamingInvokeArn: `arn:aws:apigateway:${REGION}:lambda:path/2021-11-15/functions/${arn}/response-streaming`,
});

/** @param {string} type @param {string} name @param {Inputs} inputs @returns {Inputs} */
function stateOf(type, name, inputs) {
  const physicalName = String(inputs.name ?? inputs.bucket ?? name);
  const state = { name: physicalName, ...inputs, ...(type.startsWith("aws:") && { arn: arnOf(type, physicalName) }) };
  switch (type) {
    case "aws:sqs/queue:Queue":
      return { ...state, url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physicalName}` };
    case "aws:dynamodb/table:Table":
      return { ...state, streamArn: `${arnOf(type, physicalName)}/stream/2026-01-01T00:00:00.000` };
    case "aws:lambda/function:Function":
      return { ...state, ...invokeArns(arnOf(type, physicalName)), version: "1", codeSha256: `sha-${name}` };
    case "aws:lambda/functionUrl:FunctionUrl":
      return { ...state, functionUrl: `https://${name.toLowerCase()}.lambda-url.${REGION}.on.aws/` };
    case "aws:cloudfront/distribution:Distribution":
      return { ...state, domainName: "d111.cloudfront.net", hostedZoneId: "Z2FDTNDATAQYW2" };
    case "aws:s3/bucket:Bucket":
    case "aws:s3/bucketV2:BucketV2": {
      const domain = `${physicalName}.s3.${REGION}.amazonaws.com`;
      return { ...state, bucket: physicalName, bucketRegionalDomainName: domain, bucketDomainName: domain };
    }
    case "aws:acm/certificate:Certificate": {
      const record = { resourceRecordName: "_x.", resourceRecordType: "CNAME", resourceRecordValue: "_y." };
      return { ...state, domainValidationOptions: [{ domainName: String(inputs.domainName), ...record }] };
    }
    case "random:index/randomBytes:RandomBytes":
      return { ...state, base64: Buffer.alloc(32, 1).toString("base64"), hex: "01".repeat(32) };
    case "random:index/randomId:RandomId":
      return { ...state, hex: "0123456789abcdef", dec: "12345" };
    case "random:index/randomPassword:RandomPassword":
      return { ...state, result: "x".repeat(32) };
    default:
      return state;
  }
}

/** @param {{ test: string; variable: string; values: string[] }[]} conditions */
function conditionsOf(conditions) {
  /** @type {Record<string, Record<string, string[]>>} */
  const byTest = {};
  for (const { test, variable, values } of conditions) byTest[test] = { ...byTest[test], [variable]: values };
  return byTest;
}

/** @param {Inputs} inputs the statements as Pulumi's data source has them */
function policyDocument(inputs) {
  const statements = /** @type {any[]} */ (inputs.statements ?? []);
  const Statement = statements.map((each) => ({
    Sid: each.sid,
    Effect: each.effect ?? "Allow",
    Action: each.actions,
    Resource: each.resources,
    Principal: each.principals?.length
      ? Object.fromEntries(each.principals.map((/** @type {any} */ one) => [one.type, one.identifiers]))
      : undefined,
    Condition: each.conditions?.length ? conditionsOf(each.conditions) : undefined,
  }));
  const json = JSON.stringify({ Version: "2012-10-17", Statement });
  return { ...inputs, json, minifiedJson: json, id: "document" };
}

/** @param {string} token @param {Inputs} inputs @param {Set<string>} unknown collects what nothing here answers */
function answerCall(token, inputs, unknown) {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region: inputs.region ?? REGION, name: REGION, id: REGION };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: "synth", id: ACCOUNT };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return policyDocument(inputs);
    default:
      unknown.add(token);
      return inputs;
  }
}

/** Pulumi's wrapper of a value that is a secret, or made of one. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Assets hold streams and functions; what matters of them is that they are there. @param {any} value @returns {any} */
function plain(value) {
  if (!value || typeof value !== "object") return value;
  if (SECRET in value) return plain(value.value);
  if (value.__pulumiAsset || value.__pulumiArchive) return { asset: true };
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/**
 * Runs the program and returns every resource it made, its outputs, and every uncaught error.
 * @param {Pulumi} pulumi
 * @param {() => Promise<unknown>} program
 * @param {{ name: string; stage: string }} app
 */
export async function record(pulumi, program, { name, stage }) {
  /** @type {{ type: string; name: string; inputs: Inputs }[]} */
  const resources = [];
  /** @type {string[]} */
  const errors = [];
  /** @type {Set<string>} */
  const unknownCalls = new Set();
  process.on("unhandledRejection", (error) => {
    const said = String(error instanceof Error ? error.stack : error);
    errors.push(said);
    // A program that waits for what failed never ends; then this is all there is to read.
    console.error(said);
  });
  const mocks = {
    /** @param {{ type: string; name: string; inputs: Inputs; id?: string }} made */
    newResource({ type, name: resource, inputs, id }) {
      resources.push({ type, name: resource, inputs: plain(inputs) });
      return { id: id || `${resource}-id`, state: stateOf(type, resource, inputs) };
    },
    /** @param {{ token: string; inputs: Inputs }} asked */
    call: ({ token, inputs }) => answerCall(token, inputs, unknownCalls),
  };
  /** Commands that `sst dev` starts on this machine, as the components request them. @type {DevCommand[]} */
  const devCommands = [];
  const { registerOutputs } = pulumi.ComponentResource.prototype;
  pulumi.ComponentResource.prototype.registerOutputs = function (/** @type {unknown} */ given) {
    pulumi.output(given).apply((outputs) => {
      if (outputs?._dev?.command) devCommands.push(plain(outputs._dev));
    });
    return registerOutputs.call(this, given);
  };
  await pulumi.runtime.setMocks(mocks, name, stage, false);
  let outputs;
  await pulumi.runtime.runInPulumiStack(async () => {
    const made = await program();
    outputs = await new Promise((resolve) => pulumi.output(made).apply(resolve));
    return made;
  });
  await quiet(() => resources.length);
  await pulumi.runtime.waitForRPCs();
  return { resources, outputs, errors, unknownCalls: [...unknownCalls], devCommands };
}

/** Resources are created in internal promises: waits until no more come. @param {() => number} count */
async function quiet(count) {
  for (let before = -1, same = 0; same < 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    same = count() === before ? same + 1 : 0;
    before = count();
  }
}
