/// <reference path="../.sst/platform/config.d.ts" />
import { type Subscriber, subscriberFunction } from "./functions";
import { POLICY, usesCanary } from "./policy";

/** Canary deployments of the workers: docs/decisions/0012-new-code-takes-a-tenth-first.md. */
export type CanaryRelease = ReturnType<typeof canaryRelease>;

/** A function whose alias shifts gradually, its label in the template, and the alarms that roll it back. */
type CanaryFunction = { label: string; fn: FunctionOutput; alarms: aws.cloudwatch.MetricAlarm[] };
/** A function whose alias moves once all canaries have completed. */
type DependentFunction = Pick<CanaryFunction, "label" | "fn">;
type FunctionOutput = $util.Output<sst.aws.Function>;

/** The alias that queues, the table's stream and schedules invoke. */
const LIVE = "live";
/** Skips the canary and its alarms: for rollbacks, and for fixes deployed while an alarm is on. */
const isAllAtOnce = () => process.env.REDLINE_DEPLOY_STRATEGY === "all-at-once";

/**
 * Returns what functions and their triggers need for a canary release. Functions come first, then their alarms, then the
 * aliases; whatever names an alias waits for it. Personal stages have no aliases: new code is live immediately.
 */
export function canaryRelease() {
  const isCanary = usesCanary($app.stage) && !$dev;
  let resolveStack: (stack: aws.cloudformation.Stack) => void = () => undefined;
  const stack = new Promise<aws.cloudformation.Stack>((resolve) => {
    resolveStack = resolve;
  });
  const aliasesReady = $util.output(stack).apply(({ id }) => id);
  /** Returns the ARN of the function's live alias, given the ARN of any version, once the alias exists. */
  const liveArn = (arn: $util.Input<string>) =>
    isCanary ? $util.all([arn, aliasesReady]).apply(([each]) => `${unqualifiedArn(each)}:${LIVE}`) : $util.output(arn);
  return {
    /** Function arguments: each deployment publishes a version. */
    versioning: isCanary ? { versioning: true } : {},
    liveArn,
    /**
     * Callers invoke the version published in the same deployment, so caller and callee always match. Permission covers all
     * versions, because old and new callers share a role during the shift.
     */
    pinnedVersion: ({ name, arn, nodes }: sst.aws.Function) =>
      isCanary ? { name: $interpolate`${name}:${nodes.function.version}`, arn: $interpolate`${arn}:*` } : { name, arn },
    /** Transforms of a schedule, which would otherwise invoke the latest version. */
    schedule: {
      role: (args: aws.iam.RoleArgs): undefined => {
        if (isCanary) args.inlinePolicies = $util.output(args.inlinePolicies ?? []).apply(allowLiveAliasOnly);
      },
      schedule: (args: aws.scheduler.ScheduleArgs): undefined => {
        args.target = $util.output(args.target).apply((target) => ({ ...target, arn: liveArn(target.arn) }));
      },
    },
    /** Creates the aliases. To be called once, after the alarms exist. */
    createAliases: (canaries: CanaryFunction[], dependents: DependentFunction[]): void => {
      if (isCanary) resolveStack(createAliasStack(canaries, dependents));
    },
  };
}

type WorkerFunctions = {
  reviewWorker: $util.Input<Subscriber>;
  changes: $util.Input<Subscriber>;
  sweep: sst.aws.CronV2;
};

/** Declares which workers are released gradually, and which alarms roll each of them back. */
export function releaseWorkers(
  release: CanaryRelease,
  workers: WorkerFunctions,
  alarms: Record<string, aws.cloudwatch.MetricAlarm>,
): void {
  const findAlarms = (...names: string[]) =>
    names.map((name) => {
      const alarm = alarms[name];
      if (!alarm) throw new Error(`Rollback alarm ${name} does not exist.`);
      return alarm;
    });
  release.createAliases(
    [
      // Covers the engines it calls, too. `ReviewDeadLetters` is left out: it stays on for dead letters from before.
      {
        label: "Review",
        fn: subscriberFunction(workers.reviewWorker),
        alarms: findAlarms("ReviewErrorRate", "ReviewNewDeadLetters", "CheckErrorRate"),
      },
      {
        label: "Changes",
        fn: subscriberFunction(workers.changes),
        alarms: findAlarms("ChangesErrorRate", "StreamLag"),
      },
    ],
    // Last, when no old code runs any more: the sweep migrates data to versions that old code may not support.
    [{ label: "Sweep", fn: workers.sweep.nodes.function }],
  );
}

const unqualifiedArn = (arn: string) => arn.split(":").slice(0, 7).join(":");

const allowLiveAliasOnly = (policies: { name?: string; policy?: string }[]) =>
  policies.map(({ name, policy }) => ({
    name,
    policy: policy?.replace(/("arn:aws:lambda:[^"]*:function:[^":]+):\d+"/g, `$1:${LIVE}"`),
  }));

/**
 * Uses CloudFormation, which shifts an alias through CodeDeploy, waits for the result, and fails the deployment on a
 * rollback. Pulumi can only set an alias.
 */
function createAliasStack(canaries: CanaryFunction[], dependents: DependentFunction[]) {
  const application = new aws.codedeploy.Application("Release", { computePlatform: "Lambda" });
  const role = codeDeployRole(canaries);
  const groups = canaries.map((each) => deploymentGroup(each, application, role).deploymentGroupName);
  const versions = [...canaries, ...dependents].map(({ fn }) =>
    fn.apply(({ nodes }) => nodes.function).apply(({ name, version }) => $util.all([name, version])),
  );
  const templateBody = $util
    .all([$util.all(versions), application.name, $util.all(groups)])
    .apply(([published, ApplicationName, groupNames]) =>
      aliasTemplate(
        [...canaries, ...dependents].map(({ label }, index) => {
          const [FunctionName = "", FunctionVersion = ""] = published[index] ?? [];
          const DeploymentGroupName = groupNames[index];
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

function aliasTemplate(aliases: Alias[]): string {
  const logicalId = ({ label }: Alias) => `${label}Live`;
  const canaryIds = aliases.filter(({ shift }) => shift).map(logicalId);
  // Changes each time: after a rollback, CloudFormation treats a no-op update as failed.
  const Description = `Deployed ${new Date().toISOString()}`;
  const resources = aliases.map((alias) => {
    const { FunctionName, FunctionVersion, shift } = alias;
    const Properties = { Name: LIVE, FunctionName, FunctionVersion, Description };
    const order = shift ? { UpdatePolicy: { CodeDeployLambdaAliasUpdate: shift } } : { DependsOn: canaryIds };
    return [logicalId(alias), { Type: "AWS::Lambda::Alias", Properties, ...order }];
  });
  return JSON.stringify({ Resources: Object.fromEntries(resources) });
}

function deploymentGroup(
  { label, alarms }: CanaryFunction,
  application: aws.codedeploy.Application,
  role: aws.iam.Role,
) {
  return new aws.codedeploy.DeploymentGroup(`${label}Release`, {
    appName: application.name,
    deploymentGroupName: label,
    serviceRoleArn: role.arn,
    deploymentConfigName: `CodeDeployDefault.${isAllAtOnce() ? "LambdaAllAtOnce" : POLICY.canary.deploymentConfig}`,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    // An alarm that is already on would stop the deployment that fixes its cause.
    alarmConfiguration: { enabled: !isAllAtOnce(), alarms: alarms.map(({ name }) => name) },
  });
}

/** Creates CodeDeploy's role: it may move these functions' aliases and read alarms. */
function codeDeployRole(canaries: CanaryFunction[]) {
  const functions = canaries.map(({ fn }) => fn.apply(({ arn }) => arn));
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
