/**
 * @typedef {import("../synthesized-stack.mjs").SynthesizedStack} SynthesizedStack
 * @typedef {{ rule: string; in?: string | string[]; problems(stack: SynthesizedStack): string[]; mutate(stack: SynthesizedStack): void }} InfraRule
 */

/** @param {Iterable<{ name: string }>} resources @param {string} problem */
export const each = (resources, problem) => [...resources].map(({ name }) => `${name}: ${problem}`);
