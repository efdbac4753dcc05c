import { AppError } from "@redline/core/errors";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { errorResponse, withActionErrors, withLoaderErrors } from "./errors.server";

const args = { context: { nonce: "n", requestId: "req_1" }, params: {} } as LoaderFunctionArgs & ActionFunctionArgs;

beforeEach(() => vi.stubEnv("REDLINE_LOG", "silent"));

describe("an error from core", () => {
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

  it("is a session that is not found where the address names none that there could be", async () => {
    const load = withLoaderErrors(async () => {
      throw new AppError("INVALID_INPUT", "That is not a session's id.", { field: "sessionId" });
    });
    const at = (id: string) => load({ ...args, params: { id } });
    const notFound = { data: { error: { code: "SESSION_NOT_FOUND" } }, init: { status: 404 } };
    await expect(at("ses_mistyped")).rejects.toMatchObject(notFound);
    await expect(at("ses_01J00000000000000000000000")).rejects.toMatchObject({ init: { status: 400 } });
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

  it("does not leak details when it is unexpected", async () => {
    const response = errorResponse(new Error("password hunter2 in /home/me"), "req_2");
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text).error).toMatchObject({ code: "INTERNAL_ERROR", requestId: "req_2" });
    expect(text).not.toMatch(/hunter2|home|stack/);
  });

  it("leaves redirects and results unchanged", async () => {
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
