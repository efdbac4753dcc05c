#!/bin/sh
# Guess: in dynamodb-toolbox an attribute whose schema is any() is opaque, so an update that gives it an object replaces it.
# Seen with dynamodb-toolbox 2.10.6: the update descends into the object and sets each of its fields by a path of its own
# ("SET job.kind = ..., job.trace = ..."). Fields of the stored object that the new one does not have stay, and where the
# item has no such attribute DynamoDB refuses the whole update ("document path ... is invalid"). Only $set() replaces it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dynamodb-toolbox@2.10.6 @aws-sdk/client-dynamodb@3.1162.0 @aws-sdk/lib-dynamodb@3.1162.0
cat >look.mjs <<'END'
import { Entity } from "dynamodb-toolbox/entity";
import { $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, item, string } from "dynamodb-toolbox/schema";
import { Table } from "dynamodb-toolbox/table";

const table = new Table({ name: "t", partitionKey: { name: "pk", type: "string" } });
const schema = item({ pk: string().key(), job: any().optional() });
const entity = new Entity({ name: "e", table, timestamps: false, schema });
const expressionOf = (job) => {
  const params = entity.build(UpdateItemCommand).item({ pk: "a", job }).params();
  const names = Object.entries(params.ExpressionAttributeNames);
  return names.reduce((text, [short, name]) => text.replaceAll(new RegExp(`${short}(?!\\d)`, "g"), name), params.UpdateExpression);
};
const plain = expressionOf({ kind: "review", trace: "x" });
const replaced = expressionOf($set({ kind: "review" }));
console.log(`an object:      ${plain}\nthe same in $set: ${replaced}`);
if (!plain.includes("job.kind =") || !plain.includes("job.trace =")) throw new Error("changed: an object is not merged any more");
if (!/SET job = /.test(replaced)) throw new Error("changed: $set does not replace any more");
END
node look.mjs
