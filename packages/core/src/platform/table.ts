import { Table } from "dynamodb-toolbox/table";
import { dynamo } from "./clients";
import { resources } from "./resources";

/**
 * The one table. Each domain's `store.ts` owns its items' keys (architecture.md, "Data"). Indexes lag: what a request
 * wrote itself is read from base keys, consistently. Expired items may linger, so every read checks `ttl`.
 */
export const table = new Table({
  name: () => resources.Table.name,
  partitionKey: { name: "pk", type: "string" },
  sortKey: { name: "sk", type: "string" },
  indexes: {
    gsi1: {
      type: "global",
      partitionKey: { name: "gsi1pk", type: "string" },
      sortKey: { name: "gsi1sk", type: "string" },
    },
    gsi2: {
      type: "global",
      partitionKey: { name: "gsi2pk", type: "string" },
      sortKey: { name: "gsi2sk", type: "string" },
    },
  },
  entityAttributeSavedAs: "type",
});
// The client is made on first use, when the environment that points it somewhere is known.
Object.defineProperty(table, "documentClient", { get: dynamo });

/** A key attribute that is the item's own `pk` or `sk` after a word, so that it is stored once: `string().key()` and this. */
export const prefixed = (word: string) => ({
  encode: (value: string): string => `${word}#${value}`,
  decode: (stored: string): string => stored.slice(word.length + 1),
});

/** Settings that all entities share: no library timestamps, the entity's name in `type`. */
export const entityDefaults = { table, timestamps: false, entityAttribute: { name: "entity", hidden: true } } as const;
