/** How new code of the workers comes into use, and goes again (docs/decisions/0012). */

/** @typedef {import("./must.mjs").Must} Must @typedef {import("./must.mjs").World} World */

/** Each worker's name in the template, its function, and the alarms that must be able to take its new code back. */
const WORKERS = [
  { label: "Review", fn: /^ReviewJobs/, alarms: ["ReviewErrorRate", "ReviewNewDeadLetters", "CheckErrorRate"] },
  { label: "Changes", fn: /TableChanges/, alarms: ["ChangesErrorRate", "StreamLag"] },
];
const FOLLOWING = { label: "Sweep", fn: /^SweepHandler/ };

/** @param {World} world */
const isGradual = ({ app }) => app.stage === "production" || app.stage === "staging";

/** @param {World} world @returns {Record<string, any>} */
function aliases(world) {
  const [stack] = world.all("aws:cloudformation/stack:Stack");
  return stack ? JSON.parse(stack.inputs.templateBody).Resources : {};
}

/** @param {World} world @param {(aliases: Record<string, any>) => void} change */
function changeAliases(world, change) {
  const { inputs } = world.one("aws:cloudformation/stack:Stack", /^ReleaseAliases/);
  const Resources = aliases(world);
  change(Resources);
  inputs.templateBody = JSON.stringify({ Resources });
}

/** @param {World} world @param {RegExp} fn */
const nameOf = (world, fn) => world.functions.find(({ name }) => fn.test(name))?.inputs.name;

/** @type {Must[]} */
export const RELEASE = [
  {
    must: "new code of a worker takes a tenth of the work for ten minutes, and goes back when its alarms go off",
    problems: (world) => {
      if (!isGradual(world)) return world.all("aws:codedeploy/application:Application").map(() => "a developer waits");
      const made = aliases(world);
      return WORKERS.flatMap(({ label, fn, alarms }) => {
        const { Properties, UpdatePolicy, Type } = made[`${label}Live`] ?? {};
        const shift = UpdatePolicy?.CodeDeployLambdaAliasUpdate;
        const group = world
          .all("aws:codedeploy/deploymentGroup:DeploymentGroup")
          .find(({ inputs }) => inputs.deploymentGroupName === shift?.DeploymentGroupName)?.inputs;
        const isWatched =
          group?.alarmConfiguration.enabled &&
          alarms.every((name) => group.alarmConfiguration.alarms.includes(name)) &&
          alarms.every((name) => world.alarms.some((alarm) => alarm.name === name));
        const isOfIt =
          Type === "AWS::Lambda::Alias" && Properties.Name === "live" && /^\d+$/.test(Properties.FunctionVersion);
        return [
          ...(isOfIt && Properties.FunctionName === nameOf(world, fn) ? [] : [`${label} has no alias`]),
          ...(group?.deploymentConfigName === "CodeDeployDefault.LambdaCanary10Percent10Minutes"
            ? []
            : [`${label} shifts at once`]),
          ...(isWatched ? [] : [`no alarm takes ${label} back`]),
          ...(group?.autoRollbackConfiguration.events.includes("DEPLOYMENT_STOP_ON_ALARM") ? [] : [`${label} stays`]),
        ];
      });
    },
    breaks: (world) => {
      world.one("aws:codedeploy/deploymentGroup:DeploymentGroup", /^ReviewRelease/).inputs.alarmConfiguration.alarms =
        [];
    },
  },
  {
    must: "a worker's new code goes back for a job that it gives up, and not for what lies in the dead letters already",
    problems: (world) => {
      const watching = new Set(
        world
          .all("aws:codedeploy/deploymentGroup:DeploymentGroup")
          .flatMap(({ inputs }) => inputs.alarmConfiguration.alarms),
      );
      const dead = world.one("aws:sqs/queue:Queue", /^ReviewDeadQueue/).inputs.name;
      const given = world.alarms.find(
        ({ inputs }) => inputs.metricName === "NumberOfMessagesSent" && inputs.dimensions?.QueueName === dead,
      );
      const isOfLately =
        given?.inputs.statistic === "Sum" && given.inputs.period === 300 && given.inputs.threshold === 0;
      return [
        ...(isOfLately ? [] : ["nobody sees a job given up"]),
        ...(!isGradual(world) || watching.has(given?.name) ? [] : ["new code that gives jobs up stays"]),
        ...world.alarms
          .filter(({ name, inputs }) => watching.has(name) && /^ApproximateNumber/.test(inputs.metricName ?? ""))
          .map(({ name }) => `${name} stays on for what is old`),
      ];
    },
    breaks: (world) =>
      world
        .one("aws:codedeploy/deploymentGroup:DeploymentGroup", /^ReviewRelease/)
        .inputs.alarmConfiguration.alarms.push("ReviewDeadLetters"),
  },
  {
    must: "what is released gradually is published, and reached by its alias and in no other way",
    problems: (world) => {
      if (!isGradual(world)) return [];
      const released = [...WORKERS, FOLLOWING].map(({ fn }) => fn);
      const isReleased = (/** @type {string} */ arn) =>
        released.some((fn) => arn.includes(`:function:${nameOf(world, fn)}`));
      const targets = [
        ...world.mappings.map(({ inputs }) => inputs.functionName),
        ...world.all("aws:scheduler/schedule:Schedule").map(({ inputs }) => inputs.target.arn),
        ...world.statements
          .filter(({ Action }) => Action.includes("lambda:InvokeFunction"))
          .flatMap(({ Resource }) => Resource),
      ];
      return [
        ...world.functions
          .filter(({ name, inputs }) => released.some((fn) => fn.test(name)) && !inputs.publish)
          .map(({ name }) => `${name} is not published`),
        ...targets.filter((arn) => isReleased(arn) && !arn.endsWith(":live")).map((arn) => `${arn} is used`),
        ...(targets.filter(isReleased).length >= 4 ? [] : ["somebody uses none of them"]),
      ];
    },
    breaks: (world) => {
      for (const { inputs } of world.mappings) inputs.functionName = inputs.functionName.replace(/:live$/, ":1");
    },
  },
  {
    must: "who asks the engines asks those that were deployed with it, of old ones and new ones alike",
    problems: (world) => {
      if (!isGradual(world)) return [];
      const engines = nameOf(world, /^CheckFunction/);
      const asking = world.builds.filter(({ links }) => links.includes("CheckFunction"));
      const may = world.statements.filter(
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
        ...(world.one("aws:lambda/function:Function", /^CheckFunction/).inputs.publish
          ? []
          : ["they are not published"]),
      ];
    },
    breaks: ({ builds }) => {
      for (const { linked } of builds) if (linked.CheckFunction) linked.CheckFunction.name = "check";
    },
  },
  {
    must: "data is brought on by new code when no old code is left: the sweep's alias follows the workers'",
    problems: (world) => {
      if (!isGradual(world)) return [];
      const sweep = aliases(world)[`${FOLLOWING.label}Live`];
      return WORKERS.filter(({ label }) => !sweep?.DependsOn?.includes(`${label}Live`)).map(
        ({ label }) => `the sweep does not wait for ${label}`,
      );
    },
    breaks: (world) => changeAliases(world, ({ SweepLive }) => void delete SweepLive.DependsOn),
  },
  {
    must: "CodeDeploy moves the aliases of these functions and reads alarms, and may do nothing else",
    problems: (world) => {
      if (!isGradual(world)) return [];
      const names = WORKERS.map(({ fn }) => nameOf(world, fn));
      const may = world.statements.filter(({ role }) => role.startsWith("ReleaseRole"));
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
    breaks: (world) => world.grant(/^ReleaseRole/, { Action: "lambda:UpdateFunctionCode", Resource: "*" }),
  },
];
