/** What the servers of the OpenAI protocol were found to refuse, for as long as this process lives. */
import type { ModelRoute } from "./schema";

/** Parts of a request that not every server takes. */
export type OptionalPart = "tools" | "streamOptions" | "temperature" | "maxTokens";

const refusedBy = new Map<string, Set<OptionalPart>>();

export const refusedParts = (route: ModelRoute): ReadonlySet<OptionalPart> => refusedBy.get(route.name) ?? new Set();

export function rememberRefusal(route: ModelRoute, part: OptionalPart): void {
  refusedBy.set(route.name, new Set([...refusedParts(route), part]));
}

export const refusesTools = (route: ModelRoute): boolean => refusedParts(route).has("tools");
