/**
 * Diffs that git, GNU diff, Subversion, Mercurial and quilt make of random trees under the options that they document:
 * what we make of each is the tool's own target, or it is refused. Tools that are not installed are left out.
 * DIFF_ROUNDS sets the number of trees, DIFF_SEED the first of them.
 */

import { describe, expect, it } from "vitest";
import { DIFF_RECIPES, LOG_RECIPES } from "../support/diff-tools/recipes";
import { changedTree, Random, randomTree } from "../support/diff-tools/repository";
import { isInstalled, type Recipe, Sandbox } from "../support/diff-tools/tools";
import { judge } from "../support/diff-tools/verdict";

const ROUNDS = Number(process.env.DIFF_ROUNDS ?? 8);
const SEED = Number(process.env.DIFF_SEED ?? 1);
/** Random lines repeat, and a hunk whose lines stand at several places may be refused. */
const MAX_REFUSED_SHARE = 0.34;

type Tally = { right: number; refused: number; wrong: string[]; reasons: Set<string> };

function tallyOf(recipe: Recipe): Tally {
  const tally: Tally = { right: 0, refused: 0, wrong: [], reasons: new Set() };
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
    const random = new Random(seed);
    const first = randomTree(random);
    const second = changedTree(random, first);
    const steps = LOG_RECIPES.includes(recipe) ? [first, second, changedTree(random, second)] : [first, second];
    const sandbox = new Sandbox(steps);
    try {
      const diff = recipe.make(sandbox);
      // Options that ignore something may leave nothing, and a log may end where it began.
      if (diff === "") continue;
      const { outcome, reason } = judge(recipe, diff, first, steps[steps.length - 1] ?? second);
      if (outcome === "wrong") tally.wrong.push(`seed ${seed}: ${reason}`);
      else tally[outcome]++;
      if (reason) tally.reasons.add(reason);
    } finally {
      sandbox.close();
    }
  }
  return tally;
}

describe.each(["git", "diff", "svn", "hg", "quilt"].filter(isInstalled))("the diffs of %s", (tool) => {
  const recipes = [...DIFF_RECIPES, ...LOG_RECIPES].filter((recipe) => recipe.tool === tool);
  it.each(recipes.map((recipe) => [recipe.name, recipe] as const))("are read exactly or refused: %s", (_, recipe) => {
    const { right, refused, wrong, reasons } = tallyOf(recipe);
    expect(wrong).toEqual([]);
    if (recipe.truth === "exact" && !recipe.isPartial) {
      expect([...reasons], "reasons of refusals").toEqual([]);
      expect(refused).toBeLessThanOrEqual((right + refused) * MAX_REFUSED_SHARE);
    }
  });
});
