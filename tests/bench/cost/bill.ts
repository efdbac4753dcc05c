/** From what was used to what it costs. */
import { PRICES } from "./prices";
import type { Standing } from "./standing";
import type { Usage } from "./usage";
import { MONTH } from "./workload";

export type Bill = Record<string, number>;

const GB = 1_024 ** 3;
/** A queue that a function listens to is asked by five pollers, twenty seconds at a time, also when it is empty. */
const POLLS_A_MONTH = 5 * 3 * 60 * MONTH.hours;
/** SST's router looks up where a request goes. */
const LOOKUPS_A_REQUEST = 2;
const LOG_MONTHS = 7 / 30;

const { dynamodb, s3, sqs, lambda, cloudfront, waf, cloudwatch, xray, scheduler } = PRICES;

/** What acts cost, by service. */
export function priced(usage: Usage): Bill {
  const { readUnits, writeUnits, s3Writes, s3Reads, sqsRequests, calls, gbSeconds, requests, bytesOut, logBytes } =
    usage;
  return {
    "DynamoDB requests": readUnits * dynamodb.readUnit + writeUnits * dynamodb.writeUnit,
    S3: s3Writes * s3.write + s3Reads * s3.read,
    SQS: sqsRequests * sqs.request,
    Lambda: calls * lambda.request + gbSeconds * lambda.gbSecond,
    CloudFront:
      requests * (cloudfront.request + cloudfront.functionCall + LOOKUPS_A_REQUEST * cloudfront.keyValueRead) +
      (bytesOut / GB) * cloudfront.gb,
    WAF: requests * waf.request,
    "CloudWatch logs": (logBytes / GB) * (cloudwatch.logGb + LOG_MONTHS * cloudwatch.logGbMonth),
  };
}

/**
 * By default Lambda keeps one trace a second of a function, and every twentieth of the rest. A call of the engines belongs
 * to its caller's trace: the SDK hands that on inside a Lambda.
 */
function tracesKept({ callsOf: { check: _, ...callsOf } }: Usage): number {
  return Object.values(callsOf).reduce((sum, calls) => {
    const perSecond = calls / MONTH.busySeconds;
    const first = 1 - Math.exp(-perSecond);
    return sum + MONTH.busySeconds * (first + 0.05 * (perSecond - first));
  }, 0);
}

export const tracingBill = (usage: Usage): Bill => ({ "X-Ray": tracesKept(usage) * xray.trace });

/** What it costs to be there. */
export function standingBill({ alarmMetrics, ownMetrics, dashboards, acls, aclRules, polledQueues }: Standing): Bill {
  return {
    WAF: acls * waf.aclMonth + aclRules * waf.ruleMonth,
    "CloudWatch alarms": alarmMetrics * cloudwatch.alarmMetricMonth,
    "CloudWatch metrics": ownMetrics * cloudwatch.ownMetricMonth,
    "CloudWatch dashboard": dashboards * cloudwatch.dashboardMonth,
    SQS: polledQueues * POLLS_A_MONTH * sqs.request,
    Scheduler: (MONTH.sweeps + MONTH.nights) * scheduler.call,
  };
}

/** What is kept. */
export function storedBill(tableBytes: number, blobBytes: number): Bill {
  return {
    "DynamoDB storage and backup": (tableBytes / GB) * (dynamodb.gbMonth + dynamodb.backupGbMonth),
    "S3 storage": (blobBytes / GB) * s3.gbMonth,
  };
}

export function sum(...bills: Bill[]): Bill {
  const total: Bill = {};
  for (const bill of bills) for (const [name, usd] of Object.entries(bill)) total[name] = (total[name] ?? 0) + usd;
  return total;
}

export const totalOf = (bill: Bill): number => Object.values(bill).reduce((all, usd) => all + usd, 0);
