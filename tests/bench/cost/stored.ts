import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Item } from "@redline/local/dynamodb/model";
import { itemBytes } from "@redline/local/dynamodb/sizes";
import { TABLE } from "@redline/local/launcher/resource-env";

/** Stored bytes of one session and its activity. */
export type Stored = {
  tableBytes: number;
  /** Each item once more for each index it is in. */
  indexBytes: number;
  /** Of items that expire: bytes times the months that each of them is kept. */
  expiringByteMonths: number;
};

/** DynamoDB's storage overhead per item. */
const STORED_OVERHEAD_BYTES = 100;
const MONTH_SECONDS = 30 * 24 * 3_600;

/** Returns the stored bytes of all items: of the table, of its indexes, and of expiring items. */
export async function storedIn(table: DynamoDBClient): Promise<Stored> {
  const stored: Stored = { tableBytes: 0, indexBytes: 0, expiringByteMonths: 0 };
  let from: Record<string, never> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.send(
      new ScanCommand({ TableName: TABLE, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of Items) {
      const bytes = itemBytes(item as Item) + STORED_OVERHEAD_BYTES;
      const monthsLeft = (Number(item.ttl?.N) - Date.now() / 1_000) / MONTH_SECONDS;
      if (item.ttl) stored.expiringByteMonths += bytes * monthsLeft;
      else {
        stored.tableBytes += bytes;
        stored.indexBytes += bytes * (Number("gsi1pk" in item) + Number("gsi2pk" in item));
      }
    }
    from = LastEvaluatedKey as typeof from;
  } while (from);
  return stored;
}
