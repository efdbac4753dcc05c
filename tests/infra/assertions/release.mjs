/** Rules for the deployment and rollback of workers (docs/decisions/0012). */

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule @typedef {import("./infra-rule.mjs").SynthesizedStack} SynthesizedStack */

/** Each worker's name in the template, its function, and the alarms that must be able to take its new code back. */
const WORKERS = [
  { label: "Review", fn: /^ReviewJobs/, alarms: ["ReviewErrorRate", "ReviewNewDeadLetters", "CheckErrorRate"] },
  { label: "Changes", fn: /TableChanges/, alarms: ["ChangesErrorRate", "StreamLag"] },
];
const FOLLOWING = { label: "Sweep", fn: /^SweepHandler/ };

/** @param {SynthesizedStack} stack */
const isGradual = ({ app }) => app.stage === "production" || app.stage === "staging";

/** @param {SynthesizedStack} stack @returns {Record<string, any>} */
function aliases(stack) {
  const [template] = stack.all("aws:cloudformation/stack:Stack");
  return template ? JSON.parse(template.inputs.templateBody).Resources : {};
}

/** @param {SynthesizedStack} stack @param {(aliases: Record<string, any>) => void} change */
function changeAliases(stack, change) {
  const { inputs } = stack.one("aws:cloudformation/stack:Stack", /^ReleaseAliases/);
  const Resources = aliases(stack);
  change(Resources);
  inputs.templateBody = JSON.stringify({ Resources });
}

/** @param {SynthesizedStack} stack @param {RegExp} fn */
const nameOf = (stack, fn) => stack.functions.find(({ name }) => fn.test(name))?.inputs.name;

/** @type {InfraRule[]} */
export const RELEASE = [
  {
    rule: "new code of a worker takes a tenth of the work for ten minutes, and goes back when its alarms go off",
    problems: (stack) => {
      if (!isGradual(stack)) return stack.all("aws:codedeploy/application:Application").map(() => "a developer waits");
      const made = aliases(stack);
      return WORKERS.flatMap(({ label, fn, alarms }) => {
        const { Properties, UpdatePolicy, Type } = made[`${label}Live`] ?? {};
        const shift = UpdatePolicy?.CodeDeployLambdaAliasUpdate;
        const group = stack
          .all("aws:codedeploy/deploymentGroup:DeploymentGroup")
          .find(({ inputs }) => inputs.deploymentGroupName === shift?.DeploymentGroupName)?.inputs;
        const isWatched =
          group?.alarmConfiguration.enabled &&
          alarms.every((name) => group.alarmConfiguration.alarms.includes(name)) &&
          alarms.every((name) => stack.alarms.some((alarm) => alarm.name === name));
        const isOfIt =
          Type === "AWS::Lambda::Alias" && Properties.Name === "live" && /^\d+$/.test(Properties.FunctionVersion);
        return [
          ...(isOfIt && Properties.FunctionName === nameOf(stack, fn) ? [] : [`${label} has no alias`]),
          ...(group?.deploymentConfigName === "CodeDeployDefault.LambdaCanary10Percent10Minutes"
            ? []
            : [`${label} shifts at once`]),
          ...(isWatched ? [] : [`no alarm takes ${label} back`]),
          ...(group?.autoRollbackConfiguration.events.includes("DEPLOYMENT_STOP_ON_ALARM") ? [] : [`${label} stays`]),
        ];
      });
    },
    mutate: (stack) => {
      stack.one("aws:codedeploy/deploymentGroup:DeploymentGroup", /^ReviewRelease/).inputs.alarmConfiguration.alarms =
        [];
    },
  },
  {
    rule: "a worker's new code goes back for a job that it gives up, and not for what lies in the dead letters already",
    problems: (stack) => {
      const watching = new Set(
        stack
          .all("aws:codedeploy/deploymentGroup:DeploymentGroup")
          .flatMap(({ inputs }) => inputs.alarmConfiguration.alarms),
      );
      const dead = stack.one("aws:sqs/queue:Queue", /^ReviewDeadQueue/).inputs.name;
      const given = stack.alarms.find(
        ({ inputs }) => inputs.metricName === "NumberOfMessagesSent" && inputs.dimensions?.QueueName === dead,
      );
      const isOfLately =
        given?.inputs.statistic === "Sum" && given.inputs.period === 300 && given.inputs.threshold === 0;
      return [
        ...(isOfLately ? [] : ["nobody sees a job given up"]),
        ...(!isGradual(stack) || watching.has(given?.name) ? [] : ["new code that gives jobs up stays"]),
        ...stack.alarms
          .filter(({ name, inputs }) => watching.has(name) && /^ApproximateNumber/.test(inputs.metricName ?? ""))
          .map(({ name }) => `${name} stays on for what is old`),
      ];
    },
    mutate: (stack) =>
      stack
        .one("aws:codedeploy/deploymentGroup:DeploymentGroup", /^ReviewRelease/)
        .inputs.alarmConfiguration.alarms.push("ReviewDeadLetters"),
  },
  {
    rule: "what is released gradually is published, and reached by its alias and in no other way",
    problems: (stack) => {
      if (!isGradual(stack)) return [];
      const released = [...WORKERS, FOLLOWING].map(({ fn }) => fn);
      const isReleased = (/** @type {string} */ arn) =>
        released.some((fn) => arn.includes(`:function:${nameOf(stack, fn)}`));
      const targets = [
        ...stack.mappings.map(({ inputs }) => inputs.functionName),
        ...stack.all("aws:scheduler/schedule:Schedule").map(({ inputs }) => inputs.target.arn),
        ...stack.statements
          .filter(({ Action }) => Action.includes("lambda:InvokeFunction"))
          .flatMap(({ Resource }) => Resource),
      ];
      return [
        ...stack.functions
          .filter(({ name, inputs }) => released.some((fn) => fn.test(name)) && !inputs.publish)
          .map(({ name }) => `${name} is not published`),
        ...targets.filter((arn) => isReleased(arn) && !arn.endsWith(":live")).map((arn) => `${arn} is used`),
        ...(targets.filter(isReleased).length >= 4 ? [] : ["somebody uses none of them"]),
      ];
    },
    mutate: (stack) => {
      for (const { inputs } of stack.mappings) inputs.functionName = inputs.functionName.replace(/:live$/, ":1");
    },
  },
  {
    rule: "who asks the engines asks those that were deployed with it, of old ones and new ones alike",
    problems: (stack) => {
      if (!isGradual(stack)) return [];
      const engines = nameOf(stack, /^CheckFunction/);
      const asking = stack.builds.filter(({ links }) => links.includes("CheckFunction"));
      const may = stack.statements.filter(
        ({ Action, Resource }) =>
          Action.includes("lambda:InvokeFunction") && Resource.some((arn) => arn.includes(engines)),
      );
      return [
        ...(asking.length >= 3 ? [] : ["nobody asks"]),
        ...asking
          .filter(({ linked }) => linked.CheckFunction.name !== `${engines}:1`)
          .map(({ id }) => `${id} asks any`),
        ...may
          .filter(({ Resource }) => !Resource.join().endsWith(`:${engines}:*`))
          .map(({ role }) => `${role} may ask one`),
        ...(stack.one("aws:lambda/function:Function", /^CheckFunction/).inputs.publish
          ? []
          : ["they are not published"]),
      ];
    },
    mutate: ({ builds }) => {
      for (const { linked } of builds) if (linked.CheckFunction) linked.CheckFunction.name = "check";
    },
  },
  {
    rule: "data is brought on by new code when no old code is left: the sweep's alias follows the workers'",
    problems: (stack) => {
      if (!isGradual(stack)) return [];
      const sweep = aliases(stack)[`${FOLLOWING.label}Live`];
      return WORKERS.filter(({ label }) => !sweep?.DependsOn?.includes(`${label}Live`)).map(
        ({ label }) => `the sweep does not wait for ${label}`,
      );
    },
    mutate: (stack) => changeAliases(stack, ({ SweepLive }) => void delete SweepLive.DependsOn),
  },
  {
    rule: "CodeDeploy moves the aliases of these functions and reads alarms, and may do nothing else",
    problems: (stack) => {
      if (!isGradual(stack)) return [];
      const names = WORKERS.map(({ fn }) => nameOf(stack, fn));
      const may = stack.statements.filter(({ role }) => role.startsWith("ReleaseRole"));
      return [
        ...(may.some(({ Action }) => Action.includes("lambda:UpdateAlias")) ? [] : ["it can't move an alias"]),
        ...may.flatMap(({ Action, Resource }) => [
          ...Action.filter(
            (action) =>
              !/^lambda:(Get|Update)Alias$|^lambda:GetProvisionedConcurrencyConfig$|^cloudwatch:DescribeAlarms$/.test(
                action,
              ),
          ),
          ...Resource.filter(
            (arn) =>
              !names.some((name) => arn.includes(`:function:${name}`)) && !/^arn:aws:cloudwatch:.*:alarm:\*$/.test(arn),
          ),
        ]),
      ];
    },
    mutate: (stack) => stack.grant(/^ReleaseRole/, { Action: "lambda:UpdateFunctionCode", Resource: "*" }),
  },
];
