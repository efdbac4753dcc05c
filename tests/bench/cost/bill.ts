/** From what was used to what it costs. */
import { POLICY } from "../../../stacks/policy";
import { PRICES } from "./prices";
import type { Standing } from "./standing";
import type { Stored } from "./stored";
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

/** Returns the cost of activities by service. */
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
 * The edge decides whether a request is traced, and what it causes joins its trace: the engines, the job, the model. What
 * nobody asked for (schedules, the stream) is not traced.
 */
export const tracingBill = ({ callsOf: { site = 0, logs = 0 } }: Usage): Bill => ({
  "X-Ray": (site + logs) * POLICY.traceSampling.production * xray.trace,
});

/** Returns the fixed costs. */
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

/** Returns the storage costs of so many sessions and months; expiring items have their own lifetime. Indexes are not backed up. */
export function storedBill(
  { tableBytes, indexBytes, expiringByteMonths }: Stored,
  sessions: number,
  months: number,
): Bill {
  const [table, index, expiring] = [tableBytes * months, indexBytes * months, expiringByteMonths].map(
    (bytes) => (bytes * sessions) / GB,
  ) as [number, number, number];
  return {
    "DynamoDB storage and backup":
      (table + index + expiring) * dynamodb.gbMonth + (table + expiring) * dynamodb.backupGbMonth,
  };
}

export const blobsBill = (bytes: number, months: number): Bill => ({
  "S3 storage": ((bytes * months) / GB) * s3.gbMonth,
});

export function sum(...bills: Bill[]): Bill {
  const total: Bill = {};
  for (const bill of bills) for (const [name, usd] of Object.entries(bill)) total[name] = (total[name] ?? 0) + usd;
  return total;
}

export const totalOf = (bill: Bill): number => Object.values(bill).reduce((all, usd) => all + usd, 0);
