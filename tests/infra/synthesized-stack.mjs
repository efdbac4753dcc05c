/** Queries on the resources of a synthesised stage. */

/**
 * @typedef {import("./synth.mjs").Resource} Resource
 * @typedef {{ role: string; Effect: string; Action: string[]; Resource: string[] }} Statement
 */

export class SynthesizedStack {
  /** @param {{ resources: Resource[]; builds: import("./synth.mjs").Build[]; errors: string[]; unknownCalls: string[]; devCommands: import("./mocks.mjs").DevCommand[]; app: any }} synthesis */
  constructor(synthesis) {
    this.resources = synthesis.resources;
    this.builds = synthesis.builds;
    this.errors = synthesis.errors;
    this.unknownCalls = synthesis.unknownCalls;
    this.devCommands = synthesis.devCommands;
    this.app = synthesis.app;
  }

  /** The same stage to break something in. */
  copy() {
    return new SynthesizedStack(structuredClone({ ...this }));
  }

  /** @param {string} type such as `aws:sqs/queue:Queue` */
  all(type) {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** @param {string} type @param {RegExp} name */
  one(type, name) {
    const found = this.all(type).filter((resource) => name.test(resource.name));
    if (found.length !== 1) throw new Error(`${found.length} resources ${type} match ${name}.`);
    return /** @type {Resource} */ (found[0]);
  }

  /** @param {string} type @param {RegExp} name */
  remove(type, name) {
    this.resources = this.resources.filter((resource) => resource.type !== type || !name.test(resource.name));
  }

  get table() {
    return this.one("aws:dynamodb/table:Table", /^RedlineTable/);
  }

  get jobQueues() {
    return this.all("aws:sqs/queue:Queue").filter(({ name }) => name.endsWith("JobsQueue"));
  }

  get deadQueues() {
    return this.all("aws:sqs/queue:Queue").filter(({ name }) => name.endsWith("DeadQueue"));
  }

  get functions() {
    return this.all("aws:lambda/function:Function");
  }

  get alarms() {
    return this.all("aws:cloudwatch/metricAlarm:MetricAlarm");
  }

  get mappings() {
    return this.all("aws:lambda/eventSourceMapping:EventSourceMapping");
  }

  /** Every statement of every role, with lists where IAM allows a single string. @returns {Statement[]} */
  get statements() {
    return this.all("aws:iam/role:Role").flatMap(({ name, inputs }) =>
      (inputs.inlinePolicies ?? []).flatMap((/** @type {any} */ { policy }) =>
        JSON.parse(policy).Statement.map((/** @type {any} */ statement) => ({
          role: name,
          ...statement,
          Action: [statement.Action].flat(),
          Resource: [statement.Resource].flat(),
        })),
      ),
    );
  }

  /** Adds a statement to a role, as a careless change would. @param {RegExp} role @param {object} statement */
  grant(role, statement) {
    const { inputs } = this.one("aws:iam/role:Role", role);
    inputs.inlinePolicies = [
      ...(inputs.inlinePolicies ?? []),
      {
        name: "more",
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }),
      },
    ];
  }
}
