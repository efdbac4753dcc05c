import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
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
type UpdateExpression = Omit<UpdateCommandInput, "TableName" | "Key">;
const update = (pk: string, sk: string, expression: UpdateExpression) =>
  target.documents.send(new UpdateCommand({ TableName, Key: { pk, sk }, ReturnValues: "ALL_NEW", ...expression }));

describe("updates", () => {
  it("creates the item that is not there", async () => {
    const { Attributes } = await update("update", "new", {
      UpdateExpression: "ADD n :one",
      ExpressionAttributeValues: { ":one": 1 },
    });
    expect(Attributes).toEqual({ pk: "update", sk: "new", n: 1 });
  });

  it("sets, adds, appends, removes and deletes in one expression", async () => {
    await put({
      pk: "update",
      sk: "all",
      things: ["x"],
      words: new Set(["a", "b"]),
      n: 1,
      map: { gone: 1 },
      former: 1,
    });
    const { Attributes } = await update("update", "all", {
      UpdateExpression:
        "SET things = list_append(if_not_exists(things, :none), :y), fresh = if_not_exists(fresh, :zero) + :one, #map.inside = :five " +
        "REMOVE former, #map.gone ADD n :one DELETE words :b",
      ExpressionAttributeNames: { "#map": "map" },
      ExpressionAttributeValues: {
        ":none": [],
        ":y": ["y"],
        ":zero": 0,
        ":one": 1,
        ":five": 5,
        ":b": new Set(["b"]),
      },
    });
    expect(Attributes).toEqual({
      pk: "update",
      sk: "all",
      things: ["x", "y"],
      words: new Set(["a"]),
      n: 2,
      map: { inside: 5 },
      fresh: 1,
    });
  });

  it("swaps two attributes, reading both before writing either", async () => {
    await put({ pk: "update", sk: "swap", a: 1, b: 2 });
    const { Attributes } = await update("update", "swap", { UpdateExpression: "SET a = b, b = a" });
    expect(Attributes).toMatchObject({ a: 2, b: 1 });
  });

  it("removes several list elements as they were numbered before", async () => {
    await put({ pk: "update", sk: "list", things: ["0", "1", "2", "3"] });
    const { Attributes } = await update("update", "list", { UpdateExpression: "REMOVE things[0], things[2]" });
    expect(Attributes?.things).toEqual(["1", "3"]);
  });

  it("removes list elements as they were numbered before, whatever is removed between them", async () => {
    const list = () => [{ a: 0, b: 0 }, { a: 1, b: 1 }, { a: 2, b: 2 }, ["x", "y", "z"]];
    const cases: [string, unknown][] = [
      ["REMOVE l[0], m.x, l[2]", [{ a: 1, b: 1 }, ["x", "y", "z"]]],
      ["REMOVE l[0], l[2].a", [{ a: 1, b: 1 }, { b: 2 }, ["x", "y", "z"]]],
      ["REMOVE l[1], l[3][0], l[3][2]", [{ a: 0, b: 0 }, { a: 2, b: 2 }, ["y"]]],
      ["REMOVE l[0] SET l[2].a = :n", [{ a: 1, b: 1 }, { a: 9, b: 2 }, ["x", "y", "z"]]],
      ["REMOVE l[0] ADD l[1].a :n", [{ a: 10, b: 1 }, { a: 2, b: 2 }, ["x", "y", "z"]]],
    ];
    for (const [UpdateExpression, expected] of cases) {
      await put({ pk: "update", sk: "places", l: list(), m: { x: 1 } });
      const values = UpdateExpression.includes(":n") ? { ExpressionAttributeValues: { ":n": 9 } } : {};
      const { Attributes } = await update("update", "places", { UpdateExpression, ...values });
      expect(Attributes?.l, UpdateExpression).toEqual(expected);
    }
  });

  it("appends several elements in the order of their numbers", async () => {
    await put({ pk: "update", sk: "several", things: ["0"] });
    const { Attributes } = await update("update", "several", {
      UpdateExpression: "SET things[9] = :b, things[5] = :a",
      ExpressionAttributeValues: { ":a": "a", ":b": "b" },
    });
    expect(Attributes?.things).toEqual(["0", "a", "b"]);
  });

  it("refuses an empty text as the key of an index, leaving the item as it was", async () => {
    await put({ pk: "update", sk: "index", gsi1pk: "first", gsi1sk: "1" });
    const empty = { UpdateExpression: "SET gsi1sk = :none", ExpressionAttributeValues: { ":none": "" } };
    await expect(update("update", "index", empty)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(put({ pk: "update", sk: "index-2", gsi1pk: "", gsi1sk: "1" })).rejects.toMatchObject({
      name: "ValidationException",
    });
    expect(await get("update", "index")).toMatchObject({ gsi1sk: "1" });
  });

  it("appends when it sets an element behind the end of a list", async () => {
    await put({ pk: "update", sk: "behind", things: ["0"] });
    const { Attributes } = await update("update", "behind", {
      UpdateExpression: "SET things[7] = :x",
      ExpressionAttributeValues: { ":x": "1" },
    });
    expect(Attributes?.things).toEqual(["0", "1"]);
  });

  it("returns what ReturnValues asks for", async () => {
    const returned = async (ReturnValues: UpdateCommandInput["ReturnValues"]) => {
      await put({ pk: "update", sk: "values", a: 1, b: 1 });
      const { Attributes } = await update("update", "values", {
        UpdateExpression: "SET a = :two",
        ExpressionAttributeValues: { ":two": 2 },
        ReturnValues,
      });
      return Attributes;
    };
    expect(await returned("NONE")).toBeUndefined();
    expect(await returned("ALL_OLD")).toEqual({ pk: "update", sk: "values", a: 1, b: 1 });
    expect(await returned("UPDATED_OLD")).toEqual({ a: 1 });
    expect(await returned("ALL_NEW")).toEqual({ pk: "update", sk: "values", a: 2, b: 1 });
    expect(await returned("UPDATED_NEW")).toEqual({ a: 2 });
  });

  it("refuses to change a key, to add to text, to read what is absent, and an unused name", async () => {
    await put({ pk: "update", sk: "bad", text: "x" });
    const values = { ":one": 1 };
    const expressions: UpdateExpression[] = [
      { UpdateExpression: "SET sk = :one", ExpressionAttributeValues: values },
      {
        UpdateExpression: "ADD #text :one",
        ExpressionAttributeNames: { "#text": "text" },
        ExpressionAttributeValues: values,
      },
      { UpdateExpression: "SET a = absent + :one", ExpressionAttributeValues: values },
      { UpdateExpression: "SET a = :one", ExpressionAttributeNames: { "#n": "n" }, ExpressionAttributeValues: values },
      { UpdateExpression: `SET a = :one${" ".repeat(4096)}`, ExpressionAttributeValues: values },
      { UpdateExpression: "SET a.b.c = :one", ExpressionAttributeValues: values },
    ];
    for (const expression of expressions)
      await expect(update("update", "bad", expression)).rejects.toMatchObject({ name: "ValidationException" });
    expect(await get("update", "bad")).toEqual({ pk: "update", sk: "bad", text: "x" });
  });
});
