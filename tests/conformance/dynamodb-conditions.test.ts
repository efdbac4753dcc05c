import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DynamoDbTarget, startDynamoDbTarget } from "../support/conformance";

let target: DynamoDbTarget;
let TableName: string;
beforeAll(async () => {
  target = await startDynamoDbTarget();
  TableName = target.tableName;
});
afterAll(() => target.close());

const put = (item: Record<string, unknown>) => target.put(item);
const get = (pk: string, sk: string) => target.get(pk, sk);
describe("conditions", () => {
  const CONDITIONS: [condition: string, values: Record<string, unknown>, met: boolean][] = [
    ["attribute_exists(pk)", {}, true],
    ["attribute_not_exists(n)", {}, false],
    ["attribute_type(words, :v)", { ":v": "SS" }, true],
    ["n = :v", { ":v": 10 }, true],
    ["n > :v", { ":v": 9 }, true],
    ["n < :v", { ":v": 9 }, false],
    ["n <> :v", { ":v": "10" }, true],
    ["absent <> :v", { ":v": 1 }, true],
    ["absent = :v", { ":v": 1 }, false],
    ["absent < :v", { ":v": 1 }, false],
    ["n BETWEEN :a AND :b", { ":a": 10, ":b": 11 }, true],
    ["n IN (:a, :b)", { ":a": 3, ":b": 10 }, true],
    ["greeting = :v", { ":v": "hello" }, true],
    ["begins_with(greeting, :v)", { ":v": "he" }, true],
    ["begins_with(greeting, :v)", { ":v": "el" }, false],
    ["contains(greeting, :v)", { ":v": "ell" }, true],
    ["contains(words, :v)", { ":v": "a" }, true],
    ["contains(words, :v)", { ":v": "c" }, false],
    ["contains(mixed, :v)", { ":v": { deep: [1] } }, true],
    ["nested = :v", { ":v": { deep: [1] } }, true],
    ["nested = :v", { ":v": { deep: [2] } }, false],
    ["mixed = :v", { ":v": [1, { deep: [1] }] }, true],
    ["words = :v", { ":v": new Set(["b", "a"]) }, true],
    ["nested.deep[0] = :v", { ":v": 1 }, true],
    ["size(greeting) = :v", { ":v": 5 }, true],
    ["size(accent) = :v", { ":v": 2 }, true],
    ["size(words) > :v", { ":v": 2 }, false],
    ["NOT n = :v AND (greeting = :h OR n = :v)", { ":v": 3, ":h": "hello" }, true],
    ["flag = :v", { ":v": true }, true],
  ];

  it.each(CONDITIONS)("%s with %o is met: %s", async (ConditionExpression, values, met) => {
    const item = {
      pk: "condition",
      sk: "1",
      n: 10,
      greeting: "hello",
      accent: "é",
      words: new Set(["a", "b"]),
      mixed: [1, { deep: [1] }],
      nested: { deep: [1] },
      flag: true,
    };
    await put(item);
    const request = target.documents.send(
      new PutCommand({
        TableName,
        Item: item,
        ConditionExpression,
        ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
      }),
    );
    if (met) await request;
    else await expect(request).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });

  it.each(["put", "update", "delete"])("gives the item that failed the condition of a %s, when asked", async (kind) => {
    const item = { pk: "failed", sk: kind, v: 1 };
    await put(item);
    const options = {
      TableName,
      ConditionExpression: "v = :two",
      ExpressionAttributeValues: { ":two": 2 },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    };
    const Key = { pk: "failed", sk: kind };
    const request = {
      put: () => target.documents.send(new PutCommand({ ...options, Item: Key })),
      update: () => target.documents.send(new UpdateCommand({ ...options, Key, UpdateExpression: "REMOVE v" })),
      delete: () => target.documents.send(new DeleteCommand({ ...options, Key })),
    }[kind];
    const error = await request?.().then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: { pk: { S: "failed" }, sk: { S: kind }, v: { N: "1" } },
    });
  });

  it("lets exactly one of many conditional puts at once win", async () => {
    const attempts = Array.from({ length: 30 }, (_, n) =>
      target.documents.send(
        new PutCommand({
          TableName,
          Item: { pk: "race", sk: "1", n },
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      ),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("loses none of many increments at once", async () => {
    const increments = Array.from({ length: 100 }, () =>
      target.documents.send(
        new UpdateCommand({
          TableName,
          Key: { pk: "race", sk: "counter" },
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": 1 },
        }),
      ),
    );
    await Promise.all(increments);
    expect(await get("race", "counter")).toMatchObject({ n: 100 });
  });
});

describe("large conditions", () => {
  const values = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`:v${at}`, at]));
  const oneOf = (count: number) => `n IN (${Object.keys(values(count)).join(", ")})`;
  const putIf = (ConditionExpression: string, ExpressionAttributeValues: Record<string, unknown>) =>
    target.documents.send(
      new PutCommand({
        TableName,
        Item: { pk: "large", sk: "1", n: 1 },
        ConditionExpression,
        ExpressionAttributeValues,
      }),
    );

  it("take 100 operands of IN and refuse 101, wherever it stands", async () => {
    await put({ pk: "large", sk: "1", n: 1 });
    await putIf(oneOf(100), values(100));
    for (const condition of [oneOf(101), `attribute_exists(pk) AND NOT (${oneOf(101)})`])
      await expect(putIf(condition, values(101))).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringContaining("number of operands: 101"),
      });
    const filtered = new ScanCommand({
      TableName,
      FilterExpression: oneOf(101),
      ExpressionAttributeValues: values(101),
    });
    await expect(target.documents.send(filtered)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("refuse more than 300 operators", async () => {
    await put({ pk: "large", sk: "1", n: 1 });
    const many = (count: number) => Array.from({ length: count }, () => "n < :v0").join(" OR ");
    await putIf(many(150), { ":v0": 9 });
    await expect(putIf(many(151), { ":v0": 9 })).rejects.toMatchObject({ name: "ValidationException" });
  });
});
