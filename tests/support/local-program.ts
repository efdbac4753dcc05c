/** A program on this machine that sends requests to the app with the local token. */
import { afterEach, beforeAll, beforeEach } from "vitest";
import { importHandler } from "./open-page";

export const ORIGIN = "http://localhost:3000";
export const TOKEN = "0123456789abcdef".repeat(4);

/** Gives the app a local token for each test. Returns what answers a request. */
export function withLocalToken(): (request: Request) => Promise<Response> {
  let respond: Awaited<ReturnType<typeof importHandler>>;
  beforeAll(async () => {
    respond = await importHandler();
  });
  beforeEach(() => {
    process.env.REDLINE_LOCAL_TOKEN = TOKEN;
  });
  afterEach(() => {
    delete process.env.REDLINE_LOCAL_TOKEN;
  });
  return (request) => respond(request);
}
