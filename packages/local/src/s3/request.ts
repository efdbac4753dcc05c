/** A request as S3 reads it: path-style bucket and key, query and headers, decoded exactly once. */
import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors";

export interface S3Request {
  method: string;
  /** Empty for the service itself. */
  bucket: string;
  /** Empty for the bucket itself. */
  key: string;
  /** Decoded, with its leading slash. `..` is part of a key like any other. */
  path: string;
  query: QueryParameters;
  headers: Headers;
  source: IncomingMessage;
}

/** Headers by lower-case name; of a repeated one, what Node joined. */
export type Headers = Record<string, string | undefined>;

export class QueryParameters {
  readonly pairs: [name: string, value: string][];

  constructor(query: string) {
    this.pairs = query
      .split("&")
      .filter(Boolean)
      .map((pair) => {
        const equals = pair.indexOf("=");
        return equals < 0 ? [decoded(pair), ""] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
      });
  }

  get(name: string): string | undefined {
    return this.pairs.find(([other]) => other === name)?.[1];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** A whole number of at least `lowest`. @throws {S3Error} InvalidArgument when there is something else */
  number(name: string, lowest: number): number | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < lowest)
      throw new S3Error(400, "InvalidArgument", `Argument ${name} must be an integer of at least ${lowest}.`);
    return number;
  }
}

/** @throws {S3Error} InvalidURI when the address cannot be decoded, KeyTooLongError, InvalidArgument */
export function readRequest(source: IncomingMessage): S3Request {
  const url = source.url ?? "/";
  const mark = url.indexOf("?");
  const path = decoded(mark < 0 ? url : url.slice(0, mark));
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  checkKey(key);
  const query = new QueryParameters(mark < 0 ? "" : url.slice(mark + 1));
  return { method: source.method ?? "GET", bucket, key, path, query, headers: joinedHeaders(source), source };
}

/** @throws {S3Error} KeyTooLongError, InvalidArgument */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1_024) throw new S3Error(400, "KeyTooLongError", "Your key is too long");
  if (key.includes("\0")) throw new S3Error(400, "InvalidArgument", "A key must not contain NUL.");
}

function joinedHeaders(source: IncomingMessage): Headers {
  return Object.fromEntries(
    Object.entries(source.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw Object.assign(new S3Error(400, "InvalidURI", "Couldn't parse the specified URI."), { cause });
  }
}
