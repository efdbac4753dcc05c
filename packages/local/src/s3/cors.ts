/** Cross-origin access by the bucket's rules. Every request needs a signature besides. */
import { isFromBrowser, isOwnHost } from "../credentials";
import type { Bucket, CorsRule } from "./buckets";
import { accessDenied, S3Error } from "./errors";
import type { S3Request } from "./request";

/** The response to a preflight. @throws {S3Error} AccessForbidden */
export function preflightHeaders(bucket: Bucket | undefined, { headers }: S3Request): Record<string, string> {
  const method = headers["access-control-request-method"];
  const { origin } = headers;
  if (!origin || !method)
    throw new S3Error(400, "BadRequest", "Insufficient information. Origin request header needed.");
  const requestedHeaders = (headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  const rule = ruleFor(bucket, origin, method, requestedHeaders.filter(Boolean));
  if (!rule) throw new S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
  return {
    ...allowing(rule, origin),
    ...(requestedHeaders.some(Boolean)
      ? { "access-control-allow-headers": requestedHeaders.filter(Boolean).join(", ") }
      : {}),
    ...(rule.maxAgeSeconds === undefined ? {} : { "access-control-max-age": String(rule.maxAgeSeconds) }),
  };
}

/** For the response to any other request: nothing when no rule allows the origin. */
export function corsHeaders(
  bucket: Bucket | undefined,
  { method, headers: { origin } }: S3Request,
): Record<string, string> {
  const rule = origin === undefined ? undefined : ruleFor(bucket, origin, method, []);
  return rule && origin !== undefined ? allowing(rule, origin) : {};
}

/**
 * A signature alone does not keep other people's pages out: a posted form needs no preflight. Here, unlike on AWS, a
 * browser's request also needs a rule that allows the origin it must name; and the name that this server was asked by
 * must be this machine's own, whatever a foreign name was made to point to.
 * @throws {S3Error} AccessDenied
 */
export function refuseForeignPages(bucket: Bucket | undefined, { method, headers, source }: S3Request): void {
  const { host, origin } = headers;
  if (!isOwnHost(host)) throw accessDenied("This server is only reached by this machine's own names.");
  if (isFromBrowser(source.headers) && !(origin !== undefined && ruleFor(bucket, origin, method, [])))
    throw accessDenied("No CORS rule of the bucket allows this origin.");
}

function ruleFor(bucket: Bucket | undefined, origin: string, method: string, headers: string[]): CorsRule | undefined {
  return bucket?.cors.find(
    ({ allowedOrigins, allowedMethods, allowedHeaders }) =>
      allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      allowedMethods.includes(method) &&
      headers.every((header) => allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), header))),
  );
}

function allowing(
  { allowedOrigins, allowedMethods, exposedHeaders }: CorsRule,
  origin: string,
): Record<string, string> {
  return {
    "access-control-allow-origin": allowedOrigins.includes("*") ? "*" : origin,
    "access-control-allow-methods": allowedMethods.join(", "),
    ...(exposedHeaders.length > 0 ? { "access-control-expose-headers": exposedHeaders.join(", ") } : {}),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

/** At most one `*`, for any characters. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
