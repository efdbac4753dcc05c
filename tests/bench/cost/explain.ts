/** Explains an activity: its requests to the table, blobs, queues and engines, by item, with counts and units. */
import type { Item } from "@redline/local/dynamodb/model";
import { itemBytes } from "@redline/local/dynamodb/sizes";

export type ExplainedRequest = { what: string; readUnits: number; writeUnits: number; bytes: number; ms: number };

type Key = { pk?: { S?: string }; sk?: { S?: string } };
type Body = {
  Item?: Item;
  Key?: Key;
  KeyConditionExpression?: string;
  ExpressionAttributeValues?: Record<string, { S?: string }>;
  IndexName?: string;
  TransactItems?: Record<string, Body>[];
  RequestItems?: Record<string, Record<string, { Key?: Key; Item?: Item }>[]>;
};

/** `THREAD#thr_01J…` is a THREAD; the number of a version or a message does not matter. */
const kindOf = (key = "") =>
  key
    .split("#")
    .filter((part, at) => at === 0 || /^[A-Z]+$|^[a-z-]+$/.test(part))
    .join("#");
const nameOf = ({ pk, sk }: Key) => `${kindOf(pk?.S)}/${kindOf(sk?.S)}`;

const OF_INDEX = /^STATUS#/;

/** A request to the table in words: its verb, and the kinds of the items it is about. */
export function inWords(target: string, body: Body): { what: string; bytes: number } {
  const verb = target.split(".")[1] ?? target;
  const parts = [...partsOf(body)];
  const items = parts.map(({ doing, of, item }) => {
    const size = item ? ` ${itemBytes(item)} B` : "";
    return { words: `${doing}${of}`, size, bytes: item ? itemBytes(item) : 0 };
  });
  return {
    what: `${verb} ${items.map(({ words }) => words).join(" + ")}`,
    bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function* partsOf(body: Body): Generator<{ doing: string; of: string; item?: Item }> {
  for (const each of body.TransactItems ?? []) {
    for (const [verb, { Item, Key }] of Object.entries(each)) {
      yield { doing: `${verb} `, of: nameOf((Item as Key) ?? Key ?? {}), item: Item };
    }
  }
  const requests = Object.values(body.RequestItems ?? {}).flat();
  for (const each of requests) {
    for (const [verb, { Item, Key }] of Object.entries(each)) {
      yield { doing: `${verb.replace("Request", "")} `, of: nameOf((Item as Key) ?? Key ?? {}), item: Item };
    }
  }
  if (body.KeyConditionExpression) {
    const values = Object.values(body.ExpressionAttributeValues ?? {}).flatMap(({ S }) => S ?? []);
    const named = values.map((value) => (OF_INDEX.test(value) ? value : kindOf(value))).join(" ");
    yield { doing: "", of: `${body.IndexName ?? ""} ${named}`.trim() };
  } else if (body.Item || body.Key)
    yield { doing: "", of: nameOf((body.Item as Key) ?? body.Key ?? {}), item: body.Item };
}

/** One line for each kind of request of an act, most units first; `acts` is how often the act was played. */
export function explained(requests: readonly ExplainedRequest[], acts: number): string {
  const rows = new Map<string, ExplainedRequest & { times: number }>();
  for (const each of requests) {
    const row = rows.get(each.what) ?? { what: each.what, readUnits: 0, writeUnits: 0, bytes: 0, ms: 0, times: 0 };
    row.times += 1;
    for (const name of ["readUnits", "writeUnits", "bytes", "ms"] as const) row[name] += each[name];
    rows.set(each.what, row);
  }
  const mean = (value: number) => Math.round((value / acts) * 100) / 100;
  const lines = [...rows.values()]
    .sort((a, b) => b.readUnits + 5 * b.writeUnits - (a.readUnits + 5 * a.writeUnits))
    .map(
      ({ what, times, readUnits, writeUnits, bytes, ms }) =>
        `| ${[what, mean(times), mean(readUnits), mean(writeUnits), Math.round(bytes / times), mean(ms)].join(" | ")} |`,
    );
  return [
    "| asked | times | read units | write units | bytes each | ms |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}
