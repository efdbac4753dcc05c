import { AppError, type ErrorShape, toErrorShape } from "@redline/core/errors";
import { HttpRefusal } from "@redline/core/platform/http-request";
import { errorFields, log } from "@redline/core/platform/log";
import { sessionId } from "@redline/core/sessions/schema";
import {
  type ActionFunctionArgs,
  type AppLoadContext,
  data,
  type LoaderFunctionArgs,
  type TypedResponse,
} from "@remix-run/node";
import * as v from "valibot";

/** Returns the error as a whole JSON response, for clients other than Remix's. */
export function errorResponse(error: unknown, requestId: string): Response {
  note(error, requestId);
  const retryAfter = getRetryAfterSeconds(error);
  const headers = {
    ...(error instanceof HttpRefusal && error.headers),
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  };
  return Response.json(toErrorShape(error, requestId), { status: httpStatusOf(error), headers });
}

/** Wraps a loader: errors become the error page, with the code's status. */
export function withLoaderErrors<Result>(run: (args: LoaderFunctionArgs) => Promise<Result>) {
  return async (args: LoaderFunctionArgs): Promise<Result> => {
    try {
      return await run(args);
    } catch (error) {
      if (error instanceof Response) throw error;
      throw asData(isMistypedLink(error, args.params.id) ? sessionNotFound() : error, args.context);
    }
  };
}

/** Returns whether a page's input was refused because its address names no session that there could be. */
const isMistypedLink = (error: unknown, id: string | undefined): boolean =>
  error instanceof AppError && error.code === "INVALID_INPUT" && id !== undefined && !v.is(sessionId, id);

const sessionNotFound = () => new AppError("SESSION_NOT_FOUND", "That session was not found.");

/** Wraps an action: errors become action data in the error shape, so that the form keeps its values. */
export function withActionErrors<Result>(run: (args: ActionFunctionArgs) => Promise<Result>) {
  return async (args: ActionFunctionArgs): Promise<Result | ReturnType<typeof asData>> => {
    try {
      return await run(args);
    } catch (error) {
      if (error instanceof Response) throw error;
      return asData(error, args.context);
    }
  };
}

/** Wraps a loader or an action of a resource route: errors become a whole JSON response. */
export function withResponseErrors<Returned extends Response | TypedResponse<unknown>>(
  run: (args: LoaderFunctionArgs | ActionFunctionArgs) => Promise<Returned>,
) {
  return async (args: LoaderFunctionArgs | ActionFunctionArgs): Promise<Returned | Response> => {
    try {
      return await run(args);
    } catch (error) {
      if (error instanceof Response) throw error;
      return errorResponse(error, args.context.requestId);
    }
  };
}

function asData(error: unknown, context: AppLoadContext) {
  const { requestId } = context;
  note(error, requestId);
  context.retryAfterSeconds ??= getRetryAfterSeconds(error);
  return data<ErrorShape>(toErrorShape(error, requestId), { status: httpStatusOf(error) });
}

/** Logs refusals and disconnects as info, and anything else as an error. */
function note(error: unknown, requestId: string): void {
  const isClients = error instanceof AppError ? error.status < 500 : isAbort(error);
  const level = isClients ? "info" : "error";
  log[level](level === "info" ? "request refused" : "request failed", { requestId, ...errorFields(error) });
}

/** Returns the error's retry-after in seconds, where it has one. */
function getRetryAfterSeconds(error: unknown): number | undefined {
  const details = error instanceof AppError ? error.details : undefined;
  const seconds = (details as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds;
  return typeof seconds === "number" ? seconds : undefined;
}
const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

function httpStatusOf(error: unknown): number {
  return error instanceof AppError ? error.status : 500;
}
