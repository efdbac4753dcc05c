/**
 * A synthesised stage whose functions run here: each as Lambda runs it, on the bundle, the environment, the links and the
 * permissions that the stage gives it, against the local cloud.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { LOCAL_ACCOUNT } from "@redline/local/credentials";
import { BUCKET, QUEUES, resourceEnv, TABLE } from "@redline/local/launcher/resource-env";
import type { DynamoDBRecord, SQSRecord } from "aws-lambda";
import { internal, localClient, startTestCloud, type TestCloud } from "../../support/cloud";
import { TEST_MODEL_KEY } from "../../support/model-server/index";
import { pointAt } from "../../support/product";
import { installPlatform, synthesise } from "../synth.mjs";
import { type Statement, SynthesizedStack } from "../synthesized-stack.mjs";
import { SIGNING_KEY, sqsRecord } from "./events";
import { type Endpoints, Gate, type Names } from "./gate";
import type { Ric } from "./ric";
import { LambdaStandIn } from "./stand-in";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const SECRET = "the operator's secret";
const SECRETS = { SigningKey: SIGNING_KEY, OperatorSecret: SECRET };

/** The environment that a function has in its stage, and the way to the services that its permissions leave open. */
type Linked = { env: Record<string, string>; gate: Gate };
type Plan = { id: string; root: string; handler: string; links: string[] };

/** `ReviewJobsSubscriberAbcdefFunction` is called `ReviewJobs`. */
export const shortName = (id: string): string =>
  id.replace(/Subscriber[A-Z][a-z]{5}Function$/, "").replace(/^.*Subscriber|Function$|Handler$/g, "");

export class Deployed {
  private running = new Map<string, Promise<LambdaStandIn>>();
  private gates = new Map<string, Promise<Linked>>();
  readonly plans: ReadonlyMap<string, Plan>;
  readonly statements: readonly Statement[];
  private invokes: Server | undefined;

  private constructor(
    readonly stack: SynthesizedStack,
    readonly cloud: TestCloud,
    private readonly ric: Ric | undefined,
  ) {
    this.statements = stack.statements;
    this.plans = new Map(
      stack.builds.map(({ id, out, handler, bundle, links }) => {
        const file = bundle ? handler : `bundle.${handler.split(".").at(-1)}`;
        return [shortName(id), { id, root: bundle ? join(ROOT, bundle) : out, handler: file, links }];
      }),
    );
  }

  /** `env` is the operator's: which model, and the like. `ric` is AWS's runtime client, for `functionUnderRic`. */
  static async deploy(
    stage: string,
    env: Record<string, string> = {},
    { isDev = false, ric }: { isDev?: boolean; ric?: Ric } = {},
  ): Promise<Deployed> {
    process.env.REDLINE_SKIP_BUILD = "1";
    await installPlatform();
    const stack = new SynthesizedStack(await synthesise({ stage, secrets: SECRETS, env, isDev }));
    const deployed = new Deployed(stack, await startTestCloud(), ric);
    await pointAt(deployed.cloud);
    deployed.invokes = await deployed.invokeEndpoint();
    return deployed;
  }

  async close(): Promise<void> {
    for (const each of this.running.values()) await (await each).stop();
    for (const each of this.gates.values()) (await each).gate.close();
    this.invokes?.close();
    await this.cloud.close();
  }

  /** Running, with a clock that is this much ahead: set when it starts, so it must be the same each time. */
  function(name: string, laterMs = 0): Promise<LambdaStandIn> {
    const running = this.running.get(name) ?? this.launch(name, laterMs);
    this.running.set(name, running);
    return running;
  }

  /** The same function a second time, under AWS's own runtime client. */
  functionUnderRic(name: string): Promise<LambdaStandIn> {
    if (!this.ric) throw new Error("deployed without AWS's runtime client");
    const running = this.running.get(`${name} under ric`) ?? this.launch(name, 0, this.ric);
    this.running.set(`${name} under ric`, running);
    return running;
  }

  async gate(name: string): Promise<Gate> {
    return (await this.linked(name)).gate;
  }

  linked(name: string): Promise<Linked> {
    const linked = this.gates.get(name) ?? this.link(this.plan(name));
    this.gates.set(name, linked);
    return linked;
  }

  private plan(name: string): Plan {
    const plan = this.plans.get(name);
    if (!plan) throw new Error(`No bundle ${name} among ${[...this.plans.keys()].join(", ")}`);
    return plan;
  }

  private async launch(name: string, laterMs: number, ric?: Ric): Promise<LambdaStandIn> {
    const { env } = await this.linked(name);
    return LambdaStandIn.start({ name, ...this.plan(name), ric, env: { ...env, STAND_IN_LATER_MS: String(laterMs) } });
  }

  private async link(plan: Plan): Promise<Linked> {
    const statements = this.statements.filter(({ role }) => role === `${plan.id}Role`);
    const gate = await Gate.open(statements, this.names(), this.endpoints());
    return { env: { ...this.env(plan, gate), ...gate.env }, gate };
  }

  /** Returns the function's environment from its stage, and the few variables that make the local cloud stand for AWS. */
  private env({ id, links }: Plan, gate: Gate): Record<string, string> {
    const { variables } = this.stack.one("aws:lambda/function:Function", new RegExp(`^${id}Function$`)).inputs
      .environment;
    const isLinked = (name: string) =>
      !name.startsWith("SST_RESOURCE_") || [...links, "App"].some((link) => name === `SST_RESOURCE_${link}`);
    const secrets = { OperatorSecret: SECRET, SigningKeyBefore: "none", ModelKey: TEST_MODEL_KEY };
    const all: Record<string, string> = {
      ...Object.fromEntries(
        Object.entries(variables as Record<string, string>).filter(([key]) => !key.startsWith("SST_")),
      ),
      ...resourceEnv(gate.addresses, SIGNING_KEY),
      ...Object.fromEntries(
        Object.entries(secrets).map(([key, value]) => [`SST_RESOURCE_${key}`, JSON.stringify({ value })]),
      ),
      AWS_REGION: "us-east-1",
      // The clients reach the local cloud; who asks must still show who they are.
      REDLINE_AUTH: "on",
      REDLINE_LOG: "error",
    };
    return Object.fromEntries(Object.entries(all).filter(([key]) => isLinked(key)));
  }

  private endpoints(): Endpoints {
    const { dynamodb, s3, sqs, cloudwatch } = this.cloud.endpoints;
    const address = this.invokes?.address() as AddressInfo | undefined;
    return { dynamodb, s3, sqs, cloudwatch, ...(address && { lambda: `http://127.0.0.1:${address.port}` }) };
  }

  /** Returns the stage's names for the local cloud's. */
  private names(): Names {
    const { stack } = this;
    const named = (type: string, name: RegExp, property: string) => stack.one(type, name).inputs[property] as string;
    const queue = (name: RegExp) => `arn:aws:sqs:us-east-1:123456789012:${named("aws:sqs/queue:Queue", name, "name")}`;
    const check = named("aws:lambda/function:Function", /^CheckFunction$/, "name");
    return {
      [`table/${TABLE}`]: `arn:aws:dynamodb:us-east-1:123456789012:table/${stack.table.inputs.name}`,
      [`bucket/${BUCKET}`]: `arn:aws:s3:::${named("aws:s3/bucket:Bucket", /^RedlineBlobs/, "bucket")}`,
      [`queue/${QUEUES.ReviewQueue.name}`]: queue(/^ReviewJobsQueue$/),
      [`queue/${QUEUES.ReviewQueue.name}-dead`]: queue(/^ReviewDeadQueue$/),
      "function/check": `arn:aws:lambda:us-east-1:123456789012:function:${check}`,
    };
  }

  /** Lambda's Invoke for the one function that others call. */
  private async invokeEndpoint(): Promise<Server> {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const check = await this.function("Check");
      response.end(JSON.stringify((await check.invoke(JSON.parse(body))) ?? null));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** The table's stream from its beginning, as the event source mapping would deliver it, what announces nothing left out. */
  async announcements(): Promise<DynamoDBRecord[]> {
    const { records } = await internal<{ records: DynamoDBRecord[] }>(
      this.cloud.endpoints.dynamodb,
      "GET",
      "/_redline/stream?after=0&limit=1000",
    );
    return records.filter((record) => record.dynamodb?.NewImage?.outboxId);
  }

  /** One batch from a queue, as the event source mapping would deliver it. */
  async queued(queue: string = QUEUES.ReviewQueue.name): Promise<SQSRecord[]> {
    const sqs = new SQSClient(localClient(this.cloud.endpoints.sqs));
    const QueueUrl = `${this.cloud.endpoints.sqs}/${LOCAL_ACCOUNT}/${queue}`;
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map((message) => sqsRecord(message.Body ?? "", message.MessageId, message.ReceiptHandle));
  }
}
