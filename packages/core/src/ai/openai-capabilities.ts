/**
 * Capabilities of OpenAI-compatible servers as observed, cached by this process for a day: a server may have been
 * restarted since, with another model or other options.
 */
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import type { ModelRoute } from "./schema";

/** Parts of a request that not every server takes. */
export type OptionalPart = "tools" | "toolChoice" | "streamOptions" | "temperature" | "maxTokens";

/** Facts that a server reports about itself beside the protocol. */
export type ServerFacts = {
  isLlamaCpp: boolean;
  /** The context of one call, input and output together. */
  contextTokens?: number;
};

type Found<T> = { value: T; untilMs: number };

type Memory = { refused: Map<OptionalPart, Found<"refused" | "dropped">>; facts?: Found<ServerFacts> };

const memories = new Map<string, Memory>();

function memoryOf({ name }: ModelRoute): Memory {
  const memory = memories.get(name) ?? { refused: new Map() };
  memories.set(name, memory);
  return memory;
}

const isFresh = ({ untilMs }: Found<unknown>): boolean => nowMs() < untilMs;

const found = <T>(value: T, forMs: number = LIMITS.model.foundOutMs): Found<T> => ({ value, untilMs: nowMs() + forMs });

export function unsupportedParams(route: ModelRoute): ReadonlySet<OptionalPart> {
  const { refused } = memoryOf(route);
  return new Set([...refused].flatMap(([part, refusal]) => (isFresh(refusal) ? [part] : [])));
}

export const markUnsupported = (route: ModelRoute, part: OptionalPart): void =>
  void memoryOf(route).refused.set(part, found("refused"));

/** The server takes tools without an error, and its model never hears of them. */
export const rememberDroppedTools = (route: ModelRoute): void =>
  void memoryOf(route).refused.set("tools", found("dropped"));

/** Returns how a server was found to have no tools for its model: by an error, or because it ignored them. */
export function toolsFoundOut(route: ModelRoute): "refused" | "dropped" | undefined {
  const refusal = memoryOf(route).refused.get("tools");
  return refusal && isFresh(refusal) ? refusal.value : undefined;
}

export const refusesTools = (route: ModelRoute): boolean => toolsFoundOut(route) !== undefined;

export function factsOf(route: ModelRoute): ServerFacts | undefined {
  const { facts } = memoryOf(route);
  return facts && isFresh(facts) ? facts.value : undefined;
}

export const rememberFacts = (route: ModelRoute, facts: ServerFacts, forMs?: number): void =>
  void Object.assign(memoryOf(route), { facts: found(facts, forMs) });

/** So that all of it is found out again. */
export const forgetServer = (route: ModelRoute): void => void memories.delete(route.name);
