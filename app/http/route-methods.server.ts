import { AppError } from "@redline/core/errors";
import { methodNotAllowed } from "@redline/core/platform/http-request";
import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";

type Route = ServerBuild["routes"][string];
/** A route whose action is for other methods than POST names them. */
type Module = Route["module"] & { actionMethods?: readonly string[] };

/**
 * Says of a request whether the route it is for answers its method, before Remix does: to Remix a route's action is for
 * every method that changes something, and asking for what is not there is an error of the server's.
 */
export function routeMethods(routes: ServerBuild["routes"]): (request: Request) => void {
  const pages = Object.values(routes).flatMap((route) =>
    route && route.parentId !== undefined
      ? [{ id: route.id, index: route.index, path: route.path, caseSensitive: route.caseSensitive } as const]
      : [],
  );
  const allowed = new Map(Object.values(routes).map((route) => [route?.id ?? "", route && methodsOf(route)]));

  return ({ url, method }) => {
    const { pathname, searchParams } = new URL(url);
    // Remix's former way to ask for one route's data, which nothing of ours does.
    if (searchParams.has("_data"))
      throw new AppError("INVALID_INPUT", "Unsupported data request. Open the page itself.");
    const path = pathname.replace(/\.data$/, "").replace(/^\/_root$/, "/");
    const [match] = matchRoutes(pages as Parameters<typeof matchRoutes>[0], path) ?? [];
    const methods = allowed.get(match?.route.id ?? "");
    if (!match || !methods) throw noSuchPage();
    if (methods.includes(method)) return;
    throw match.route.path === "*" ? noSuchPage() : methodNotAllowed(method, methods);
  };
}

const noSuchPage = () => new AppError("NOT_FOUND", "This page doesn't exist.");

function methodsOf(route: Route): readonly string[] {
  const { action, loader, default: page, actionMethods = ["POST"] } = route.module as Module;
  return [...(loader || page ? ["GET", "HEAD"] : []), ...(action ? actionMethods : [])];
}
