/**
 * Brings lost items back: `node scripts/copy-items.mjs FROM TO` puts every item of one table that another does not have
 * into it. What is there stays as it is, so it can be run again. `--dry-run` counts and writes nothing.
 */
import { parseArgs } from "node:util";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";

const AT_ONCE = 25;
const { values, positionals } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false } },
  allowPositionals: true,
});
const [from, to] = positionals;
if (!from || !to || from === to) {
  process.stderr.write("Say from which table to which other: node scripts/copy-items.mjs FROM TO\n");
  process.exit(1);
}

const table = new DynamoDBClient({ maxAttempts: 10 });
let seen = 0;
let missing = 0;

/** @param {Record<string, import("@aws-sdk/client-dynamodb").AttributeValue>} item */
async function look({ pk, sk }) {
  const key = /** @type {never} */ ({ pk, sk });
  const { Item } = await table.send(new GetItemCommand({ TableName: to, Key: key, ConsistentRead: true }));
  if (!Item) missing += 1;
}

/** @param {Record<string, import("@aws-sdk/client-dynamodb").AttributeValue>} item */
async function copy(item) {
  try {
    await table.send(
      new PutItemCommand({ TableName: to, Item: item, ConditionExpression: "attribute_not_exists(pk)" }),
    );
    missing += 1;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** @type {Record<string, import("@aws-sdk/client-dynamodb").AttributeValue> | undefined} */
let next;
do {
  const { Items = [], LastEvaluatedKey } = await table.send(
    new ScanCommand({ TableName: from, ConsistentRead: true, ExclusiveStartKey: next }),
  );
  seen += Items.length;
  for (let at = 0; at < Items.length; at += AT_ONCE) {
    await Promise.all(Items.slice(at, at + AT_ONCE).map(values["dry-run"] ? look : copy));
  }
  next = LastEvaluatedKey;
} while (next);

const said = values["dry-run"] ? "are" : "were";
process.stdout.write(`${seen} items in ${from}, ${missing} of them ${said} missing in ${to}\n`);
