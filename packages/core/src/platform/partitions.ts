import { BatchWriteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { AppError } from "../errors";
import { dynamo } from "./clients";
import { sleep } from "./clock";
import { resources } from "./resources";

export type RawItem = Record<string, unknown> & { pk: string; sk: string };

/** Every item of a partition as it is stored, a page at a time: for sweeps, never for a request. */
export async function* readPartition(pk: string): AsyncGenerator<RawItem> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await dynamo().send(
      new QueryCommand({
        TableName: resources.Table.name,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const item of page.Items ?? []) yield item as RawItem;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** Deletes a partition's items but those that `keep` wants kept. Doing it again goes on where it ended. */
export async function deletePartition(pk: string, keep: (item: RawItem) => boolean = () => false): Promise<void> {
  const keys: { pk: string; sk: string }[] = [];
  for await (const item of readPartition(pk)) if (!keep(item)) keys.push({ pk: item.pk, sk: item.sk });
  for (let at = 0; at < keys.length; at += 25) {
    let requests: Record<string, { DeleteRequest: { Key: { pk: string; sk: string } } }[]> | undefined = {
      [resources.Table.name]: keys.slice(at, at + 25).map((Key) => ({ DeleteRequest: { Key } })),
    };
    for (let attempt = 1; requests && Object.keys(requests).length > 0; attempt += 1) {
      if (attempt > 10) throw new AppError("DATABASE_ERROR", "The database is too busy. Try again in a minute.");
      if (attempt > 1) await sleep(2 ** attempt * 20);
      const answer = await dynamo().send(new BatchWriteCommand({ RequestItems: requests }));
      requests = answer.UnprocessedItems as typeof requests;
    }
  }
}
