/**
 * What AWS asks in us-east-1, in US dollars, with no free tier: list prices as they were known on the date below. They were
 * read on that day in stored copies of public pages, never on AWS's live ones: whose page is said with each. Check them
 * against each service's page before relying on the cents.
 */
export const PRICES_OF = "2026-11-21";

const million = (usd: number) => usd / 1_000_000;
const thousand = (usd: number) => usd / 1_000;

export const PRICES = {
  /** aws.amazon.com/dynamodb/pricing/on-demand. Units as others publish them since the cut of November 2024. Storage
   * and backup from memory; that a backup's price counts no global indexes is in the developer guide. */
  dynamodb: { readUnit: million(0.125), writeUnit: million(0.625), gbMonth: 0.25, backupGbMonth: 0.2 },
  /** aws.amazon.com/s3/pricing, Standard; requests as others publish them (c3x.dev). */
  s3: { write: thousand(0.005), read: thousand(0.0004), gbMonth: 0.023 },
  /** aws.amazon.com/sqs/pricing, standard queues; a request for each 64 KB; as others publish it in 2026 (cloudburn.io). */
  sqs: { request: million(0.4) },
  /** aws.amazon.com/lambda/pricing, arm64; as others publish it (cloudchipr.com). */
  lambda: { request: million(0.2), gbSecond: 0.000_013_333_4 },
  /** aws.amazon.com/cloudfront/pricing, first 10 TB, United States and Europe; read on a stored copy of that page. */
  cloudfront: { request: 0.01 / 10_000, gb: 0.085, functionCall: million(0.1), keyValueRead: million(0.03) },
  /** aws.amazon.com/waf/pricing; as others publish it (c3x.dev). A managed group counts as one rule. */
  waf: { aclMonth: 5, ruleMonth: 1, request: million(0.6) },
  /** aws.amazon.com/cloudwatch/pricing. An alarm on metric math is billed for each metric in it. As others publish it in 2026 (factualminds.com); keeping logs from memory. */
  cloudwatch: { alarmMetricMonth: 0.1, ownMetricMonth: 0.3, dashboardMonth: 3, logGb: 0.5, logGbMonth: 0.03 },
  /** aws.amazon.com/xray/pricing, read on a copy of that page: a trace is a request with all it causes. */
  xray: { trace: million(5) },
  /** aws.amazon.com/eventbridge/pricing, scheduler. From memory. */
  scheduler: { call: million(1) },
} as const;

/** Monthly totals of earlier designs' cost table, before and after optimization, with and without models. */
export const SEEDS = { total: { from: 387, to: 843 }, withoutModels: { from: 282, to: 493 } } as const;
