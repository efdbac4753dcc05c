/** The laptop's Invoke API, with functions made for the purpose. Always against the laptop's cloud. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LambdaTarget } from "../support/lambda-target";

let target: LambdaTarget;

beforeAll(async () => {
  target = await LambdaTarget.start();
});

beforeEach(() => target.renew());
afterAll(() => target.close());

describe("Invoke", () => {
  const invoke = async (FunctionName: string, payload: unknown, InvocationType?: "Event" | "DryRun") =>
    target.lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), InvocationType }),
    );
  const textOf = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString("utf8");

  test("returns the function's result", async () => {
    await target.work({ double: async ({ n }: { n: number }) => ({ twice: n * 2 }) });
    const response = await invoke("double", { n: 21 });
    expect(response.StatusCode).toBe(200);
    expect(response.FunctionError).toBeUndefined();
    expect(response.ExecutedVersion).toBe("$LATEST");
    expect(JSON.parse(textOf(response.Payload))).toEqual({ twice: 42 });
  });

  test("returns null when the function returns nothing, and accepts its ARN", async () => {
    await target.work({ silent: async () => {} });
    const response = await invoke("arn:aws:lambda:us-east-1:000000000000:function:silent", {});
    expect(textOf(response.Payload)).toBe("null");
  });

  test("reports that the function failed, with the error's name and message", async () => {
    await target.work({
      broken: async () => {
        throw new RangeError("too far");
      },
    });
    const response = await invoke("broken", {});
    expect(response.StatusCode).toBe(200);
    expect(response.FunctionError).toBe("Unhandled");
    expect(JSON.parse(textOf(response.Payload))).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect(target.reported).toEqual(["RangeError"]);
  });

  test("reports that the function timed out", async () => {
    await target.work({ stuck: () => new Promise(() => {}) }, [{ timeoutMs: 100 }]);
    const response = await invoke("stuck", {});
    expect(response.FunctionError).toBe("Unhandled");
    expect(JSON.parse(textOf(response.Payload)).errorMessage).toMatch(/Task timed out after 0\.10 seconds/);
  });

  test("of a missing function is ResourceNotFoundException", async () => {
    await target.work({ here: async () => null });
    await expect(invoke("elsewhere", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("as an asynchronous event is accepted, and retried when it fails", async () => {
    const events: unknown[] = [];
    const running = await target.work({
      later: async (event: unknown) => {
        events.push(event);
        if (events.length === 1) throw new Error("once");
      },
    });
    const response = await invoke("later", { a: 1 }, "Event");
    expect(response.StatusCode).toBe(202);
    await running.idle();
    expect(events).toEqual([{ a: 1 }, { a: 1 }]);
  });

  test("as a dry run does not call the function", async () => {
    const loaded: string[] = [];
    await target.work({ untouched: async () => null }, [], loaded);
    expect((await invoke("untouched", {}, "DryRun")).StatusCode).toBe(204);
    expect(loaded).toEqual([]);
  });

  test("loads a function when it is first called, once", async () => {
    const loaded: string[] = [];
    await target.work({ one: async () => 1, two: async () => 2 }, [], loaded);
    await invoke("one", {});
    await invoke("one", {});
    expect(loaded).toEqual(["one"]);
  });

  test("refuses what is larger than 6 MB", async () => {
    await target.work({ big: async () => null });
    await expect(invoke("big", "x".repeat(6 * 1024 * 1024))).rejects.toMatchObject({
      name: "RequestTooLargeException",
    });
  });

  test("refuses web pages and unsigned requests", async () => {
    const { url } = await target.work({ here: async () => null });
    const path = `${url}/2015-03-31/functions/here/invocations`;
    expect((await fetch(path, { method: "POST", body: "{}" })).status).toBe(403);
    const authorization = "AWS4-HMAC-SHA256 Credential=redline/20260101/us-east-1/lambda/aws4_request";
    const headers = { authorization, origin: "https://example.com" };
    expect((await fetch(path, { method: "POST", body: "{}", headers })).status).toBe(403);
  });
});
