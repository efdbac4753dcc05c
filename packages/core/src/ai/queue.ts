/** Calls of this process that are under way, by the server they went to: a server with one slot takes them in turn. */
import type { ModelRoute } from "./schema";

export interface QueuedCall {
  /** The server has begun with it and shows that it still works on it. */
  readonly isWorkedOn: boolean;
}

const underWay = new Map<string, Set<QueuedCall>>();

/** Enters a call behind those that were made before it. Returns what takes it out again. */
export function enterQueue(route: ModelRoute, call: QueuedCall): () => void {
  const server = serverKey(route);
  const calls = underWay.get(server) ?? new Set();
  underWay.set(server, calls.add(call));
  return () => {
    calls.delete(call);
    if (calls.size === 0 && underWay.get(server) === calls) underWay.delete(server);
  };
}

/** Returns whether an earlier call to the same server is in progress, so that this one may have to wait for it. */
export function isBehindAnother(route: ModelRoute, call: QueuedCall): boolean {
  // Bedrock has no slots: it throttles.
  if (route.provider.kind !== "openai") return false;
  for (const other of underWay.get(serverKey(route)) ?? []) {
    if (other === call) return false;
    if (other.isWorkedOn) return true;
  }
  return false;
}

const serverKey = ({ provider }: ModelRoute) => (provider.kind === "openai" ? provider.baseUrl : "bedrock");
