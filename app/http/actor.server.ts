import { localOwner } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";

/** Who a request comes from. On the laptop: the person at it, because only they can reach the server. */
export async function getActor(_request: Request): Promise<Actor> {
  return localOwner();
}
