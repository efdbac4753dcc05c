/**
 * The fault mode that tests switch on: what the real cloud does now and then, often and by a seed.
 *
 * Off by default, and then every method below costs one comparison.
 */
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export type FaultKind =
  /** Refused before anything happened, with the service's own throttling error. */
  | "throttle"
  /** DynamoDB: a write meets another transaction on its item, and nothing of it happens. */
  | "conflict"
  /** The response is late, by `delayMs`. */
  | "delay"
  /** A stream record or a message is delivered again. */
  | "duplicate"
  /** Messages, or stream records of different keys, are delivered in another order. */
  | "reorder"
  /** The work is done and committed, then the socket dies without a response. */
  | "drop"
  /** The work is done and committed, then the response ends in the middle of its body. */
  | "cut";

export type FaultService = "dynamodb" | "s3" | "sqs" | "cloudwatch";

export interface FaultRule {
  kind: FaultKind;
  /** From 0 to 1, per request or per delivered record. */
  probability: number;
  /** All services when absent. */
  service?: FaultService;
  /**
   * The API's operation, like `PutItem`; all of them when absent. `Stream` is what is delivered from the tables' streams;
   * `BatchWriteItem.entry` and `BatchGetItem.entry` leave a part of a batch unprocessed when throttled.
   */
  operation?: string;
  /** For `delay`. */
  delayMs?: number;
}

export interface FaultConfig {
  /** Drawn and printed when absent. */
  seed?: number;
  rules?: FaultRule[];
  /** Queries of an index show the state of up to this long ago. */
  lateIndexMs?: number;
  /** Reads of a table that do not ask for consistency show the state of up to this long ago. */
  staleReadMs?: number;
}

const DEFAULT_DELAY_MS = 50;

export class Faults {
  private config: FaultConfig | undefined;
  private random = seededRandom(0);

  constructor(
    config?: FaultConfig,
    private readonly print: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  ) {
    if (config) this.set(config);
  }

  /** Undefined switches the fault mode off. Prints the seed, which replays the same draws. */
  set(config: FaultConfig | undefined): void {
    this.config = config;
    if (!config) return;
    const seed = config.seed ?? Math.floor(Math.random() * 2 ** 31);
    this.random = seededRandom(seed);
    this.print(`faults on, seed ${seed}: ${JSON.stringify(config)}`);
  }

  get active(): boolean {
    return this.config !== undefined;
  }

  /** Returns the lag of an index query in ms, drawn anew at each call; 0 when off. */
  indexLagMs(): number {
    return this.lag(this.config?.lateIndexMs);
  }

  /** Returns the lag of an eventually consistent read in ms, drawn anew at each call; 0 when off. */
  readLagMs(): number {
    return this.lag(this.config?.staleReadMs);
  }

  /** True while reads may have to show the past, so that the past must be kept. */
  get longestLagMs(): number {
    return Math.max(this.config?.lateIndexMs ?? 0, this.config?.staleReadMs ?? 0);
  }

  /** Draws whether this fault happens here and now. */
  strikes(kind: FaultKind, service: FaultService, operation: string): boolean {
    return this.config !== undefined && this.draw(kind, service, operation) !== undefined;
  }

  /** Waits as long as the rules say; returns at once when off. */
  async delay(service: FaultService, operation: string): Promise<void> {
    if (!this.config) return;
    const rule = this.draw("delay", service, operation);
    if (rule) await sleep(rule.delayMs ?? DEFAULT_DELAY_MS);
  }

  /** The list with some entries twice, as the rules say; the same list when off. */
  duplicated<T>(list: T[], service: FaultService, operation: string): T[] {
    if (!this.config) return list;
    return list.flatMap((entry) => (this.strikes("duplicate", service, operation) ? [entry, entry] : [entry]));
  }

  /** The list shuffled when the rules say so, entries of one group staying in their order; the same list when off. */
  reordered<T>(list: T[], service: FaultService, operation: string, groupOf?: (entry: T) => string): T[] {
    if (!this.config || !this.strikes("reorder", service, operation)) return list;
    const places = list.map((_, place) => place);
    for (let last = places.length - 1; last > 0; last--) {
      const other = Math.floor(this.random() * (last + 1));
      [places[last], places[other]] = [places[other] ?? 0, places[last] ?? 0];
    }
    const groups = new Map<string, T[]>();
    const groupAt = list.map((entry, place) => groupOf?.(entry) ?? String(place));
    list.forEach((entry, place) => {
      const group = groupAt[place] ?? "";
      groups.set(group, [...(groups.get(group) ?? []), entry]);
    });
    return places.flatMap((place) => groups.get(groupAt[place] ?? "")?.splice(0, 1) ?? []);
  }

  /**
   * To be called where the finished response would be sent, with the headers, its full length among them, already set or
   * written. True when the response was lost instead: dropped whole, or cut after half of the body.
   */
  losesResponse(response: ServerResponse, body: string | Buffer, service: FaultService, operation: string): boolean {
    if (!this.config) return false;
    if (this.strikes("drop", service, operation)) {
      response.destroy();
      return true;
    }
    if (this.strikes("cut", service, operation)) {
      const bytes = Buffer.from(body);
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
      return true;
    }
    return false;
  }

  private lag(longestMs: number | undefined): number {
    return longestMs ? Math.floor(this.random() * (longestMs + 1)) : 0;
  }

  private draw(kind: FaultKind, service: FaultService, operation: string): FaultRule | undefined {
    return this.config?.rules?.find(
      (rule) =>
        rule.kind === kind &&
        (rule.service === undefined || rule.service === service) &&
        (rule.operation === undefined || rule.operation === operation) &&
        this.random() < rule.probability,
    );
  }
}

/** The configuration in `REDLINE_FAULTS`, if any. @throws {Error} naming the variable when it is not JSON. */
export function faultsFromEnvironment(json: string | undefined): FaultConfig | undefined {
  if (!json) return undefined;
  try {
    return JSON.parse(json) as FaultConfig;
  } catch (cause) {
    throw new Error('REDLINE_FAULTS must be JSON, like {"rules":[{"kind":"throttle","probability":0.1}]}.', { cause });
  }
}

/** Mulberry32: numbers from 0 up to, not including, 1. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
