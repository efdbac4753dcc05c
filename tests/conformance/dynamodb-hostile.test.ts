/** Requests of any shape: the endpoint refuses them and stays. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signed } from "../support/cloud";
import { type DynamoDbTarget, onAws, startDynamoDbTarget } from "../support/conformance";

const OPERATIONS = [
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "TransactWriteItems",
  "GetItem",
  "BatchGetItem",
  "TransactGetItems",
  "Query",
  "Scan",
  "CreateTable",
  "UpdateTable",
  "UpdateTimeToLive",
  "TagResource",
];

const value = fc.oneof(
  fc.record({ S: fc.string() }),
  fc.record({ N: fc.string() }),
  fc.constantFrom(null, {}, { L: [{}] }, { M: { a: { N: "1" } } }, { SS: [] }, { B: "!!" }, { S: "a", N: "1" }),
);
const key = fc.oneof(
  fc.constant({ pk: { S: "a" }, sk: { S: "b" } }),
  fc.dictionary(fc.constantFrom("pk", "sk", "gsi1pk", "ttl", "__proto__"), value),
  fc.anything(),
);
const expression = fc.oneof(
  fc.constantFrom("SET x = :v", "ADD x :v", "pk = :v", "size(x) > :v", "x[0].y = :v", "contains(x, :v)"),
  fc.string(),
);

function requests(TableName: string) {
  const write = fc.record(
    {
      TableName: fc.oneof(fc.constant(TableName), fc.string(), fc.constantFrom("__proto__", "constructor")),
      Item: key,
      Key: key,
      UpdateExpression: expression,
      ConditionExpression: expression,
      KeyConditionExpression: expression,
      FilterExpression: expression,
      ExpressionAttributeValues: fc.oneof(fc.record({ ":v": value }), fc.anything()),
      ExclusiveStartKey: key,
      TimeToLiveSpecification: fc.anything(),
      AttributeDefinitions: fc.anything(),
      GlobalSecondaryIndexUpdates: fc.anything(),
      Tags: fc.anything(),
    },
    { requiredKeys: ["TableName"] },
  );
  const entries = (...kinds: string[]) =>
    fc.oneof(
      fc.array(fc.record(Object.fromEntries(kinds.map((kind) => [kind, write])), { requiredKeys: [] })),
      fc.anything(),
    );
  return fc.oneof(
    write,
    fc.record({ TransactItems: entries("Put", "Update", "Delete", "ConditionCheck", "Get") }),
    fc.record({ RequestItems: fc.record({ [TableName]: entries("PutRequest", "DeleteRequest") }) }),
    fc.anything(),
  );
}

describe.skipIf(onAws)("a request of any shape", () => {
  let target: DynamoDbTarget;
  beforeAll(async () => {
    target = await startDynamoDbTarget();
  });
  afterAll(() => target.close());

  it("is done or refused, and never an internal error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...OPERATIONS), requests(target.tableName), async (operation, request) => {
        const url = target.cloud?.endpoints.dynamodb ?? "";
        const more = { "x-amz-target": `DynamoDB_20120810.${operation}` };
        const response = await fetch(url, signed(url, "POST", JSON.stringify(request) ?? "null", { more }));
        expect([200, 400], await response.text()).toContain(response.status);
      }),
      { numRuns: 1_000 },
    );
  });
});
