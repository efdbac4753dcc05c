import type { Syntax } from "../../syntax";
import type { Engine, RawFinding } from "../engine";
import { findForgottenAwaits, findForgottenCoroutines } from "./async-calls";
import { treeRulesInfo } from "./info";

export const createTreeRules = (): Engine => ({
  ...treeRulesInfo,
  async prepare() {},
  check({ syntax, language }) {
    if (!syntax) return { findings: [] };
    if (language === "python") return { findings: findForgottenCoroutines(syntax) };
    return { findings: [...findForgottenAwaits(syntax), ...findEmptyCatches(syntax)] };
  },
});

/** A comment in the block says why; a name such as `ignored` does, too. */
function findEmptyCatches(syntax: Syntax): RawFinding[] {
  const found: RawFinding[] = [];
  syntax.tree.iterate({
    enter: ({ name, node }) => {
      const block = name === "CatchClause" ? node.getChild("Block") : null;
      if (!block || !/^\{\s*\}$/.test(syntax.textOf(block))) return;
      const variable = node.getChild("VariableDefinition");
      if (variable && /^(?:_|ignored?|expected|noop)/i.test(syntax.textOf(variable))) return;
      const title = "The error that is caught here is dropped";
      // Without a name for the error, dropping it is at least meant.
      const weight = variable ? {} : { severity: "nit" as const };
      found.push({ rule: "redline/empty-catch", start: node.from, end: block.to, title, ...weight });
    },
  });
  return found;
}
