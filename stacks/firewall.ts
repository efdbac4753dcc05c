/// <reference path="../.sst/platform/config.d.ts" />
import { POLICY } from "./policy";

/** Managed rules that mistake submitted code for an attack: they count instead of blocking. */
const COUNT_ONLY_RULES = ["SizeRestrictions_BODY", "NoUserAgent_HEADER", "RestrictedExtensions_URIPATH"];
/** Body inspection of the same rule groups: a pasted file may contain anything. */
const BODY_RULES = ["CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY"];
const BAD_INPUT_BODY_RULES = ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"];

const visibilityConfig = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName: `Redline${metricName}`,
});

const countActions = (names: readonly string[]) => names.map((name) => ({ name, actionToUse: { count: {} } }));

/**
 * Sets the rules of the router's firewall: a rate limit per address and AWS's managed rules. Attempts to sign in are limited,
 * more tightly, where they are counted (ADR 0031).
 */
export function webFirewall(args: aws.wafv2.WebAclArgs): undefined {
  args.rules = [
    {
      name: "PerAddress",
      priority: 0,
      action: { block: {} },
      statement: {
        rateBasedStatement: { limit: POLICY.waf.perAddress, evaluationWindowSec: 300, aggregateKeyType: "IP" },
      },
      visibilityConfig: visibilityConfig("PerAddress"),
    },
    managedRuleGroup("CommonRuleSet", 1, [...COUNT_ONLY_RULES, ...BODY_RULES]),
    managedRuleGroup("KnownBadInputsRuleSet", 2, BAD_INPUT_BODY_RULES),
  ];
}

const managedRuleGroup = (name: string, priority: number, countOnly: readonly string[]) => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name: `AWSManagedRules${name}`,
      ruleActionOverrides: countActions(countOnly),
    },
  },
  visibilityConfig: visibilityConfig(name),
});
