import { AppError } from "@redline/core/errors";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { errorResponse, withActionErrors, withLoaderErrors } from "./errors.server";

const args = { context: { nonce: "n", requestId: "req_1" } } as LoaderFunctionArgs & ActionFunctionArgs;

beforeEach(() => vi.stubEnv("REDLINE_LOG", "silent"));

describe("what core throws", () => {
  const refusal = new AppError("FILE_TOO_LARGE", "a.ts is 6 MB; files may have 5 MB.", { field: "files" });
  const shape = {
    error: {
      code: "FILE_TOO_LARGE",
      message: "a.ts is 6 MB; files may have 5 MB.",
      field: "files",
      requestId: "req_1",
    },
  };

  it("becomes the error page of a loader, with the code's status", async () => {
    const load = withLoaderErrors(async () => {
      throw refusal;
    });
    await expect(load(args)).rejects.toMatchObject({ data: shape, init: { status: 413 } });
  });

  it("becomes the data of an action, so that the form can show it", async () => {
    const act = withActionErrors(async () => {
      throw refusal;
    });
    expect(await act(args)).toMatchObject({ data: shape, init: { status: 413 } });
  });

  it("becomes a whole response elsewhere", async () => {
    const response = errorResponse(refusal, "req_1");
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual(shape);
  });

  it("says nothing of its inside when it was not meant", async () => {
    const response = errorResponse(new Error("password hunter2 in /home/me"), "req_2");
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text).error).toMatchObject({ code: "INTERNAL_ERROR", requestId: "req_2" });
    expect(text).not.toMatch(/hunter2|home|stack/);
  });

  it("leaves redirects and results alone", async () => {
    const redirect = new Response(null, { status: 302 });
    await expect(
      withLoaderErrors(async () => {
        throw redirect;
      })(args),
    ).rejects.toBe(redirect);
    expect(await withLoaderErrors(async () => 7)(args)).toBe(7);
    expect(await withActionErrors(async () => 8)(args)).toBe(8);
  });
});
