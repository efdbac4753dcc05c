/// <reference path="../.sst/platform/config.d.ts" />
import { POLICY } from "./policy";

/** Rules of AWS's sets that take code for an attack; code is what people send us. They only count. */
const COUNTED = ["SizeRestrictions_BODY", "NoUserAgent_HEADER", "RestrictedExtensions_URIPATH"];
/** The same set's looks into the body: a pasted file may hold anything. */
const BODY_RULES = ["CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY"];
const BAD_INPUT_BODY_RULES = ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"];

const visible = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName: `Redline${metricName}`,
});

const counted = (names: readonly string[]) => names.map((name) => ({ name, actionToUse: { count: {} } }));

/** How many requests one address may send in five minutes, to sign in and in all, and AWS's own rules. */
export function webFirewall(args: aws.wafv2.WebAclArgs): undefined {
  args.rules = [
    {
      name: "SignInPerAddress",
      priority: 0,
      action: { block: {} },
      statement: {
        rateBasedStatement: {
          limit: POLICY.waf.signInPerAddress,
          evaluationWindowSec: 300,
          aggregateKeyType: "IP",
          scopeDownStatement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: "STARTS_WITH",
              searchString: "/auth/",
              textTransformations: [{ priority: 0, type: "LOWERCASE" }],
            },
          },
        },
      },
      visibilityConfig: visible("SignInPerAddress"),
    },
    {
      name: "PerAddress",
      priority: 1,
      action: { block: {} },
      statement: {
        rateBasedStatement: { limit: POLICY.waf.perAddress, evaluationWindowSec: 300, aggregateKeyType: "IP" },
      },
      visibilityConfig: visible("PerAddress"),
    },
    managed("CommonRuleSet", 2, [...COUNTED, ...BODY_RULES]),
    managed("KnownBadInputsRuleSet", 3, BAD_INPUT_BODY_RULES),
  ];
}

const managed = (name: string, priority: number, onlyCounted: readonly string[]) => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name: `AWSManagedRules${name}`,
      ruleActionOverrides: counted(onlyCounted),
    },
  },
  visibilityConfig: visible(name),
});
