/** Creates what the product needs in the laptop's DynamoDB, as the infrastructure does on AWS. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

const KEYS = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"];
const TTL_ATTRIBUTE = "ttl";
const ACTIVE_WITHIN_S = 60;

/** The one table: two sparse indexes that hold whole items, a stream of both images. */
export function tableDefinition(TableName: string): CreateTableCommandInput {
  const key = (partition: string, sort: string): CreateTableCommandInput["KeySchema"] => [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
  ];
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: KEYS.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: key("pk", "sk"),
    GlobalSecondaryIndexes: ["gsi1", "gsi2"].map((IndexName) => ({
      IndexName,
      KeySchema: key(`${IndexName}pk`, `${IndexName}sk`),
      Projection: { ProjectionType: "ALL" },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  };
}

/** The table and its expiry exist afterwards, whether or not they did before, also when others do the same now. */
export async function ensureTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new DescribeTableCommand({ TableName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    try {
      await client.send(new CreateTableCommand(tableDefinition(TableName)));
    } catch (inUse) {
      if (!(inUse instanceof ResourceInUseException)) throw inUse;
    }
  }
  await waitUntilTableExists({ client, maxWaitTime: ACTIVE_WITHIN_S, minDelay: 1 }, { TableName });
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (TimeToLiveDescription?.TimeToLiveStatus === "ENABLED") return;
  const TimeToLiveSpecification = { AttributeName: TTL_ATTRIBUTE, Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  } catch (error) {
    // Another process enabled it first.
    if (!(error instanceof Error && /already enabled/i.test(error.message))) throw error;
  }
}
