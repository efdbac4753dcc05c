/**
 * Diffs that git, GNU diff, Subversion, Mercurial and quilt make of random trees under the options that they document:
 * what we make of each is the tool's own target, or it is refused. Tools that are not installed are left out.
 * DIFF_ROUNDS sets the number of trees, REDLINE_SEED the first of them.
 */

import { afterAll, describe, expect, it } from "vitest";
import { DIFF_RECIPES, LOG_RECIPES } from "../support/diff-tools/recipes";
import { changedTree, randomTree, type Tree } from "../support/diff-tools/repository";
import { isInstalled, type Recipe, Sandbox } from "../support/diff-tools/tools";
import { judge } from "../support/diff-tools/verdict";
import { Random } from "../support/random";
import { testSeed } from "../support/seed";

const ROUNDS = Number(process.env.DIFF_ROUNDS ?? 2);
const SEED = testSeed(1);

type Totals = { right: number; refused: number; wrong: string[]; reasons: Set<string> };

type Case = { sandbox: Sandbox; steps: Tree[] };
const cases = new Map<string, Case>();

/** One for each seed and number of steps: making a repository takes longer than its diffs. */
function caseOf(seed: number, isLog: boolean): Case {
  const key = `${seed} ${isLog}`;
  const known = cases.get(key);
  if (known) return known;
  const random = new Random(seed);
  const first = randomTree(random);
  const second = changedTree(random, first);
  const steps = isLog ? [first, second, changedTree(random, second)] : [first, second];
  const made = { sandbox: new Sandbox(steps), steps };
  cases.set(key, made);
  return made;
}

afterAll(() => {
  for (const { sandbox } of cases.values()) sandbox.close();
});

function runRecipe(recipe: Recipe): Totals {
  const totals: Totals = { right: 0, refused: 0, wrong: [], reasons: new Set() };
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
    const { sandbox, steps } = caseOf(seed, LOG_RECIPES.includes(recipe));
    const diff = recipe.make(sandbox);
    // Options that ignore something may leave nothing, and a log may end where it began.
    if (diff === "") continue;
    const { outcome, reason } = judge(recipe, diff, steps[0] as Tree, steps[steps.length - 1] as Tree);
    if (outcome === "wrong") totals.wrong.push(`seed ${seed}: ${reason}`);
    else totals[outcome]++;
    if (reason) totals.reasons.add(reason);
  }
  return totals;
}

describe.each(["git", "diff", "svn", "hg", "quilt"].filter(isInstalled))("the diffs of %s", (tool) => {
  const recipes = [...DIFF_RECIPES, ...LOG_RECIPES].filter((recipe) => recipe.tool === tool);
  it.each(recipes.map((recipe) => [recipe.name, recipe] as const))(
    "a tool's diff is read exactly or rejected: %s",
    (_, recipe) => {
      const { right, wrong, reasons } = runRecipe(recipe);
      expect(wrong).toEqual([]);
      if (recipe.truth === "exact" && !recipe.isPartial) {
        expect([...reasons], "reasons of refusals").toEqual([]);
        expect(right).toBeGreaterThan(0);
      }
    },
  );
});
