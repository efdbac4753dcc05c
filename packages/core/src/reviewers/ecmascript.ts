/** JavaScript and TypeScript: Biome's rules and grammar, and the early errors that Biome does not look for. */
import { readStrictly } from "./early-errors";
import type { Engine } from "./engines";
import type { EngineResult } from "./finding";

export class EcmaScriptEngine implements Engine {
  constructor(private readonly biome: Engine) {}

  check(path: string, text: string, language: string, withFixes: boolean): EngineResult {
    const found = this.biome.check(path, text, language, withFixes);
    // Biome does not know that a CommonJS module is the body of a function.
    const isReturn = ({ message }: { message: string }) => /^Illegal return statement outside/.test(message);
    if (!found.parseErrors.every(isReturn)) return found;
    const { errors, mayReturn } = readStrictly({ path, text, language });
    if (found.parseErrors.length > 0 && !mayReturn) return found;
    return { ...found, parseErrors: [], earlyErrors: errors };
  }
}
