/** A finding as an engine reports it, before it is placed, named and explained. */
import type { Fix } from "./schema";

export type RawFinding = { rule: string; start: number; end: number; title: string; fix?: Fix };

export type ParseError = { message: string; start: number; end: number };

/** `parseErrors` are of the grammar; `earlyErrors` are what is refused before it runs although the grammar allows it. */
export type EngineResult = { findings: RawFinding[]; parseErrors: ParseError[]; earlyErrors?: ParseError[] };

/** One line without the final full stop, as titles are written. */
export function titleCase(message: string): string {
  const line = (message.split("\n")[0] ?? "").replace(/\s+/g, " ").trim();
  const bare = line.endsWith("...") ? line : line.replace(/\.$/, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}
