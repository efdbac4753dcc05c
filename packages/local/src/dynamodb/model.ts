/** The shapes of DynamoDB's wire protocol that more than one file here needs. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../credentials";

/** A value as in JSON on the wire: binary is base64. Exactly one member is set. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  BOOL?: boolean;
  NULL?: boolean;
  L?: AttributeValue[];
  M?: Record<string, AttributeValue>;
}

export type Item = Record<string, AttributeValue>;
export type KeyType = "S" | "N" | "B";

export interface KeySchemaElement {
  AttributeName: string;
  KeyType: "HASH" | "RANGE";
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection: { ProjectionType: "ALL" | "KEYS_ONLY" | "INCLUDE"; NonKeyAttributes?: string[] };
  IndexStatus: string;
  IndexArn: string;
  IndexSizeBytes: number;
  ItemCount: number;
}

export interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: "NEW_AND_OLD_IMAGES" | "NEW_IMAGE" | "OLD_IMAGE" | "KEYS_ONLY";
}

export interface TableDescription {
  TableName: string;
  TableArn: string;
  TableId: string;
  TableStatus: string;
  CreationDateTime: number;
  KeySchema: KeySchemaElement[];
  AttributeDefinitions: { AttributeName: string; AttributeType: KeyType }[];
  GlobalSecondaryIndexes?: IndexDescription[];
  StreamSpecification?: StreamSpecification;
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
  DeletionProtectionEnabled?: boolean;
  [other: string]: unknown;
}

/** A table's record in the store. */
export interface Table {
  description: TableDescription;
  /** The attribute that holds the expiry in epoch seconds, when expiry is on. */
  ttlAttribute?: string;
  pointInTimeRecovery?: boolean;
  tags?: Record<string, string>;
}

export function tableArn(tableName: string): string {
  return `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${tableName}`;
}

/** The name in a table's, an index's or a stream's ARN. */
export function tableNameInArn(arn: string): string {
  return arn.split("/")[1] ?? "";
}

/** The attributes that name an item, taken out of it. */
export function keyAttributes(item: Item, schema: KeySchemaElement[]): Item {
  return Object.fromEntries(
    schema.flatMap(({ AttributeName }) => {
      const value = item[AttributeName];
      return value ? [[AttributeName, value]] : [];
    }),
  );
}

/** JSON values compared by content; sets ignore order, numbers are compared as they were normalised on arrival. */
export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.L && b.L) return a.L.length === b.L.length && a.L.every((value, place) => sameValue(value, b.L?.[place]));
  if (a.M && b.M) return sameItem(a.M, b.M);
  for (const type of ["SS", "NS", "BS"] as const) {
    const [left, right] = [a[type], b[type]];
    if (left && right) return left.length === right.length && left.every((member) => right.includes(member));
  }
  for (const type of ["S", "N", "B", "BOOL", "NULL"] as const) if (a[type] !== undefined) return a[type] === b[type];
  return false;
}

export function sameItem(a: Item | undefined, b: Item | undefined): boolean {
  if (!a || !b) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}
