/**
 * @typedef {import("../world.mjs").World} World
 * @typedef {{ must: string; in?: "production"; problems(world: World): string[]; breaks(world: World): void }} Must
 */

/** @param {Iterable<{ name: string }>} resources @param {string} problem */
export const each = (resources, problem) => [...resources].map(({ name }) => `${name}: ${problem}`);
