import { isOpenToLocalOwner, localOwner, restoreActor } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { USER_HEADER } from "./authenticate.server";

/** Returns the local owner on a laptop, otherwise the authenticated user. Throws UNAUTHORIZED. */
export async function getActor(request: Request): Promise<Actor> {
  if (isOpenToLocalOwner()) return localOwner();
  const userId = request.headers.get(USER_HEADER);
  if (!userId) throw new AppError("UNAUTHORIZED", "Sign in first.");
  return restoreActor({ userId });
}
