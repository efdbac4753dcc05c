/** Draws findings so that each rule in each language has the same chance, however often it speaks. */
import { Random } from "../../support/random";
import type { Finding } from "./review";

/** Takes one finding of each group in turn, groups and findings in the seed's order, until `count` are drawn. */
export function drawEvenly(findings: readonly Finding[], count: number, seed: number): Finding[] {
  const random = new Random(seed);
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.language}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const order = shuffled([...groups.keys()].sort(), random).map((key) => shuffled(groups.get(key) ?? [], random));
  const drawn: Finding[] = [];
  for (let round = 0; drawn.length < Math.min(count, findings.length); round++) {
    for (const group of order) {
      const next = group[round];
      if (next && drawn.length < count) drawn.push(next);
    }
  }
  return drawn.sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.path < b.path ? -1 : 1));
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  const result: Item[] = [];
  while (left.length > 0) result.push(...left.splice(random.below(left.length), 1));
  return result;
}
