/**
 * Restores lost items: `node scripts/restore-missing-items.mjs SOURCE TARGET` copies every item of one table that is missing
 * in the other. Existing items stay unchanged, so it can be repeated. `--dry-run` counts without writing.
 */
import { parseArgs } from "node:util";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";

/** @typedef {Record<string, import("@aws-sdk/client-dynamodb").AttributeValue>} Item */

const CONCURRENCY = 25;
const { values, positionals } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false } },
  allowPositionals: true,
});
const [source, target] = positionals;
if (!source || !target || source === target) {
  process.stderr.write("Usage: node scripts/restore-missing-items.mjs SOURCE TARGET [--dry-run]\n");
  process.exit(1);
}

const dynamo = new DynamoDBClient({ maxAttempts: 10 });
let scanned = 0;
let missing = 0;

/** @param {Item} item */
async function countIfMissing({ pk, sk }) {
  const key = /** @type {never} */ ({ pk, sk });
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: target, Key: key, ConsistentRead: true }));
  if (!Item) missing += 1;
}

/** @param {Item} item */
async function putIfMissing(item) {
  try {
    await dynamo.send(
      new PutItemCommand({ TableName: target, Item: item, ConditionExpression: "attribute_not_exists(pk)" }),
    );
    missing += 1;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** @type {Item | undefined} */
let startKey;
do {
  const { Items = [], LastEvaluatedKey } = await dynamo.send(
    new ScanCommand({ TableName: source, ConsistentRead: true, ExclusiveStartKey: startKey }),
  );
  scanned += Items.length;
  for (let start = 0; start < Items.length; start += CONCURRENCY) {
    const batch = Items.slice(start, start + CONCURRENCY);
    await Promise.all(batch.map(values["dry-run"] ? countIfMissing : putIfMissing));
  }
  startKey = LastEvaluatedKey;
} while (startKey);

const outcome = values["dry-run"] ? `missing in ${target}` : `restored to ${target}`;
process.stdout.write(`${scanned} items scanned in ${source}, ${missing} ${outcome}\n`);
