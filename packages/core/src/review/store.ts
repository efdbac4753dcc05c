import { Entity } from "dynamodb-toolbox/entity";
import { BatchDeleteRequest } from "dynamodb-toolbox/entity/actions/batchDelete";
import { BatchPutRequest } from "dynamodb-toolbox/entity/actions/batchPut";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { batchWriteAll } from "../platform/batch";
import { nowIso } from "../platform/clock";
import { packed } from "../platform/compressed-json";
import { isConditionFailed } from "../platform/dynamo-errors";
import { entityDefaults, prefixed, table } from "../platform/table";
import type { Finding, FindingDecision } from "./schema";

const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

const FindingEntity = new Entity({
  ...entityDefaults,
  name: "finding",
  schema: item({
    sessionId: string().key().savedAs("pk").transform(prefixed("SESSION")),
    identity: string().key().savedAs("sk").transform(prefixed("FINDING")),
    rule: string(),
    severity: string().enum("critical", "major", "minor", "nit"),
    confidence: string().enum("high", "medium", "low"),
    path: string(),
    start: number(),
    end: number(),
    startLine: number(),
    endLine: number(),
    symbol: string(),
    title: string(),
    explanation: string(),
    fileHash: string(),
    firstVersion: number(),
    source: string().enum("builtin", "model").optional(),
    model: string().optional(),
    alsoSeenBy: string().optional(),
    onBase: boolean().optional(),
    fix: any().transform(packed).optional(),
    v: number().default(1),
  }),
});

const DecisionEntity = new Entity({
  ...entityDefaults,
  name: "decision",
  schema: item({
    sessionId: string().key(),
    identity: string().key(),
    decision: string().enum("dismissed", "rejected"),
    userId: string(),
    decidedAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, identity }: { sessionId: string; identity: string }) => ({
    pk: sessionKey(sessionId),
    sk: `DECISION#${identity}`,
  }),
});

/** Returns a session's findings with their decisions, in one query: their keys are adjacent. */
export async function queryFindings(
  sessionId: string,
): Promise<{ findings: Finding[]; decisions: Map<string, FindingDecision> }> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(FindingEntity, DecisionEntity)
    .query({ partition: sessionKey(sessionId), range: { between: ["DECISION#", "FINDING#~"] } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY, showEntityAttr: true })
    .send();
  const decisions = new Map<string, FindingDecision>();
  const findings: Finding[] = [];
  for (const each of Items) {
    if (each.entity === "decision") decisions.set(each.identity, each.decision);
    else {
      const { entity: _entity, v: _v, ...finding } = each;
      findings.push({ ...finding, source: finding.source ?? "builtin" } as Finding);
    }
  }
  return { findings: findings.map((each) => ({ ...each, decision: decisions.get(each.identity) })), decisions };
}

/** Writes and removes findings of one session; doing it again changes nothing. */
export async function writeFindings(put: Finding[], resolved: Finding[]): Promise<void> {
  await batchWriteAll([
    ...put.map(({ decision: _decision, ...finding }) => FindingEntity.build(BatchPutRequest).item(finding)),
    ...resolved.map(({ sessionId, identity }) => FindingEntity.build(BatchDeleteRequest).key({ sessionId, identity })),
  ]);
}

/** Records that a model reported a finding of the built-in reviewer too. Does nothing when the finding is gone. */
export async function noteAlsoSeen(sessionId: string, identity: string, model: string): Promise<void> {
  try {
    await FindingEntity.build(UpdateItemCommand)
      .item({ sessionId, identity, alsoSeenBy: model })
      .options({ condition: { attr: "identity", exists: true } })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

export async function writeDecision(
  sessionId: string,
  identity: string,
  decision: FindingDecision,
  userId: string,
): Promise<void> {
  await DecisionEntity.build(PutItemCommand)
    .item({ sessionId, identity, decision, userId, decidedAt: nowIso() })
    .send();
}

export async function removeDecision(sessionId: string, identity: string): Promise<void> {
  await DecisionEntity.build(DeleteItemCommand).key({ sessionId, identity }).send();
}
