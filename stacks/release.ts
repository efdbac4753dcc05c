/// <reference path="../.sst/platform/config.d.ts" />
import { type Subscriber, subscribed } from "./functions";
import { isReleasedGradually, POLICY } from "./policy";

/** How new code of the workers comes into use: see docs/decisions/0012-new-code-takes-a-tenth-first.md. */
export type Release = ReturnType<typeof release>;

/** A function, by its name in the template, and the alarms that take its new code back. */
type Shifted = { label: string; fn: Fn; alarms: aws.cloudwatch.MetricAlarm[] };
type Following = Pick<Shifted, "label" | "fn">;
type Fn = $util.Output<sst.aws.Function>;

/** The alias that queues, the table's stream and schedules use. */
const LIVE = "live";
/** For a deployment that must not wait: going back, or a repair while an alarm is on. */
const isAtOnce = () => process.env.REDLINE_RELEASE === "at-once";

/**
 * Functions are made first, then their alarms, then the aliases; what names an alias waits for it. On a developer's stage
 * there are none: new code is used at once.
 */
export function release() {
  const isGradual = isReleasedGradually($app.stage) && !$dev;
  let tell: (made: aws.cloudformation.Stack) => void = () => undefined;
  const made = new Promise<aws.cloudformation.Stack>((resolve) => {
    tell = resolve;
  });
  const aliases = $util.output(made).apply((stack) => stack.id);
  /** The alias of the function that this version's ARN is of, once it is there. */
  const live = (arn: $util.Input<string>) =>
    isGradual ? $util.all([arn, aliases]).apply(([each]) => `${functionArn(each)}:${LIVE}`) : $util.output(arn);
  return {
    /** For a function's arguments: each deployment publishes what it brings. */
    published: isGradual ? { versioning: true } : {},
    live,
    /**
     * For callers: the version that is published with them, so that what they ask is never newer than what answers. They
     * may call any, as old and new ones share a role while work goes from the one to the other.
     */
    called: ({ name, arn, nodes }: sst.aws.Function) =>
      isGradual
        ? { name: $interpolate`${name}:${nodes.function.version}`, arn: $interpolate`${arn}:*` }
        : { name, arn },
    /** For a schedule, which else runs the version that was published last. */
    scheduled: {
      role: (args: aws.iam.RoleArgs): undefined => {
        if (isGradual) args.inlinePolicies = $util.output(args.inlinePolicies ?? []).apply(invokeAlias);
      },
      schedule: (args: aws.scheduler.ScheduleArgs): undefined => {
        args.target = $util.output(args.target).apply((target) => ({ ...target, arn: live(target.arn) }));
      },
    },
    /** To be called once, when the alarms are there. `following` take new code when all the `shifted` ones have. */
    begin: (shifted: Shifted[], following: Following[]): void => {
      if (isGradual) tell(makeAliases(shifted, following));
    },
  };
}

type Released = {
  reviewing: $util.Input<Subscriber>;
  changes: $util.Input<Subscriber>;
  sweep: sst.aws.CronV2;
};

/** Which functions are released so, and which alarms take each one's new code back. */
export function releaseWorkers(
  releases: Release,
  work: Released,
  alarms: Record<string, aws.cloudwatch.MetricAlarm>,
): void {
  const named = (...names: string[]) =>
    names.map((name) => {
      const alarm = alarms[name];
      if (!alarm) throw new Error(`There is no alarm ${name} to take new code back.`);
      return alarm;
    });
  releases.begin(
    [
      // With it go the engines that it calls. `ReviewDeadLetters` would stay on for each old one that nobody took away.
      {
        label: "Review",
        fn: subscribed(work.reviewing),
        alarms: named("ReviewFailing", "ReviewGivingUp", "CheckFailing"),
      },
      { label: "Changes", fn: subscribed(work.changes), alarms: named("ChangesFailing", "StreamBehind") },
    ],
    // When no old code is left: the sweep brings data on, which old code may not know.
    [{ label: "Sweep", fn: work.sweep.nodes.function }],
  );
}

const functionArn = (arn: string) => arn.split(":").slice(0, 7).join(":");

const invokeAlias = (policies: { name?: string; policy?: string }[]) =>
  policies.map(({ name, policy }) => ({
    name,
    policy: policy?.replace(/("arn:aws:lambda:[^"]*:function:[^":]+):\d+"/g, `$1:${LIVE}"`),
  }));

/**
 * By CloudFormation, because that is what shifts an alias with CodeDeploy, waits for its end, and fails the deployment when
 * it went back. Pulumi can only set an alias.
 */
function makeAliases(shifted: Shifted[], following: Following[]) {
  const application = new aws.codedeploy.Application("Release", { computePlatform: "Lambda" });
  const role = deployer(shifted);
  const groups = shifted.map((each) => deploymentGroup(each, application, role).deploymentGroupName);
  const versions = [...shifted, ...following].map(({ fn }) =>
    fn.apply(({ nodes }) => nodes.function).apply(({ name, version }) => $util.all([name, version])),
  );
  const templateBody = $util
    .all([$util.all(versions), application.name, $util.all(groups)])
    .apply(([published, ApplicationName, groupNames]) =>
      template(
        [...shifted, ...following].map(({ label }, at) => {
          const [FunctionName = "", FunctionVersion = ""] = published[at] ?? [];
          const DeploymentGroupName = groupNames[at];
          return {
            label,
            FunctionName,
            FunctionVersion,
            shift: DeploymentGroupName && { ApplicationName, DeploymentGroupName },
          };
        }),
      ),
    );
  return new aws.cloudformation.Stack("ReleaseAliases", { name: `redline-${$app.stage}-aliases`, templateBody });
}

type Alias = {
  label: string;
  FunctionName: string;
  FunctionVersion: string;
  shift: { ApplicationName: string; DeploymentGroupName: string } | undefined | "";
};

function template(aliases: Alias[]): string {
  const nameOf = ({ label }: Alias) => `${label}Live`;
  const first = aliases.filter(({ shift }) => shift).map(nameOf);
  // A change each time: after going back, CloudFormation takes an update that changes nothing for a failed one.
  const Description = `Deployed ${new Date().toISOString()}`;
  const resources = aliases.map((alias) => {
    const { FunctionName, FunctionVersion, shift } = alias;
    const Properties = { Name: LIVE, FunctionName, FunctionVersion, Description };
    const order = shift ? { UpdatePolicy: { CodeDeployLambdaAliasUpdate: shift } } : { DependsOn: first };
    return [nameOf(alias), { Type: "AWS::Lambda::Alias", Properties, ...order }];
  });
  return JSON.stringify({ Resources: Object.fromEntries(resources) });
}

function deploymentGroup({ label, alarms }: Shifted, application: aws.codedeploy.Application, role: aws.iam.Role) {
  return new aws.codedeploy.DeploymentGroup(`${label}Release`, {
    appName: application.name,
    deploymentGroupName: label,
    serviceRoleArn: role.arn,
    deploymentConfigName: `CodeDeployDefault.${isAtOnce() ? "LambdaAllAtOnce" : POLICY.release.shift}`,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    // One that is on would stop the deployment that mends its cause.
    alarmConfiguration: { enabled: !isAtOnce(), alarms: alarms.map(({ name }) => name) },
  });
}

/** What CodeDeploy may do: move these functions' aliases and look at alarms. */
function deployer(shifted: Shifted[]) {
  const functions = shifted.map(({ fn }) => fn.apply(({ arn }) => arn));
  const { accountId } = aws.getCallerIdentityOutput();
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
        resources: functions.flatMap((arn) => [arn, $interpolate`${arn}:*`]),
      },
      {
        actions: ["cloudwatch:DescribeAlarms"],
        resources: [$interpolate`arn:aws:cloudwatch:${aws.getRegionOutput().region}:${accountId}:alarm:*`],
      },
    ],
  });
  return new aws.iam.Role("ReleaseRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "codedeploy.amazonaws.com" }),
    inlinePolicies: [{ name: "inline", policy: policy.json }],
  });
}
