/** Events of Lambda's with something wrong in them. All are JSON, as every event is that a function gets. */
import type { Draw } from "./random";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const JUNK: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e21,
  "",
  "text",
  "%ff",
  "\u0000",
  "\ud800",
  "__proto__",
  "a\r\nb: c",
  "é".repeat(3_000),
  [],
  [null],
  ["text"],
  {},
  { length: 3 },
  { toString: 1 },
  { S: "text" },
  { M: {} },
  JSON.parse('{"__proto__":{"kind":"review"},"constructor":1}'),
];

export const drawJunk = (draw: Draw): unknown => structuredClone(draw.one(JUNK));

/** The same event with one to three of its values, wherever they stand, replaced, left out, doubled or put into a list. */
export function distort(event: unknown, draw: Draw): unknown {
  let distorted = structuredClone(event);
  for (let left = 1 + draw.below(3); left > 0; left--) distorted = distortOne(distorted, draw);
  return distorted;
}

function distortOne(event: unknown, draw: Draw): unknown {
  const places = placesIn(event);
  if (places.length === 0 || draw() < 0.05) return drawJunk(draw);
  const { holder, name } = draw.one(places);
  switch (draw.below(5)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(holder[name as never]) as never);
      else holder[`${name}2`] = holder[name];
      break;
    case 2:
      holder[name as never] = [holder[name as never]] as never;
      break;
    default:
      holder[name as never] = drawJunk(draw) as never;
  }
  return event;
}

type Place = { holder: Record<string, unknown>; name: string };

function placesIn(value: unknown): Place[] {
  if (value === null || typeof value !== "object") return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])]);
}
