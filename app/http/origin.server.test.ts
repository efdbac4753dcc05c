import { AppError } from "@redline/core/errors";
import { describe, expect, it } from "vitest";
import { requireOwnOrigin } from "./origin.server";

const URL_HERE = "http://localhost:3000/sessions/new";
const request = (method: string, origin?: string) =>
  new Request(URL_HERE, { method, headers: origin === undefined ? {} : { origin } });

describe("requireOwnOrigin", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"])("accepts %s from our own pages", (method) => {
    expect(() => requireOwnOrigin(request(method, "http://localhost:3000"))).not.toThrow();
  });

  it.each([
    ["missing", undefined],
    ["null", "null"],
    ["empty", ""],
    ["of another site", "https://evil.example"],
    ["of another port", "http://localhost:3001"],
    ["of another scheme", "https://localhost:3000"],
    ["of another name of this machine", "http://127.0.0.1:3000"],
    ["one that only begins like ours", "http://localhost:3000.evil.example"],
    ["a list", "http://localhost:3000, https://evil.example"],
  ])("refuses a change whose Origin is %s", (_, origin) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      let error: unknown;
      try {
        requireOwnOrigin(request(method, origin));
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: "FORBIDDEN", status: 403 });
    }
  });

  it.each(["GET", "HEAD", "OPTIONS"])("accepts %s from anywhere, as it changes nothing", (method) => {
    expect(() => requireOwnOrigin(request(method))).not.toThrow();
  });
});
