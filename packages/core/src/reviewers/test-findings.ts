/** Findings in tests: what is wrong on purpose, made up or thrown away after the run is no finding there. */
import type { RawFinding } from "./engines/engine";

/** Rules about people, attackers, speed and taste, none of which come to a test. */
const notInTests = [
  /^biome\/(?:a11y|security|performance|complexity|style)\//,
  /^ruff\/(?:S|C4|SIM|PERF|UP|ASYNC)/,
  /^ruff\/(?:B006|B008|B018|B023|B904|E711|E721|E722|F541|F841)$/,
  /^redline\/(?:complex-function|empty-catch)$/,
  /\/no(?:AssignInExpressions|CatchAssign|ConstantBinaryExpressions|ConstantCondition|ConstructorReturn|DoubleEquals|EmptyBlock|EmptyPattern|FallthroughSwitchClause|FunctionAssign|GlobalAssign|IrregularWhitespace|NestedComponentDefinitions|PrecisionLoss|PrototypeBuiltins|SelfCompare|SparseArray|TemplateCurlyInString|TsIgnore|UnassignedVariables|UnknownFunction|UnknownProperty|UnknownUnit|ShorthandPropertyOverrides|DuplicateProperties|UnsafeOptionalChaining|UnusedLabels|UnusedPrivateClassMembers|UnusedVariables|UselessEscapeInString|VoidElementsWithChildren)$/,
  /\/use(?:ErrorMessage|ExhaustiveDependencies|GetterReturn|HookAtTopLevel|IterableCallbackReturn|JsxKeyInIterable|Yield)$/,
];

const isCredential = (rule: string): boolean => rule === "redline/secret" || rule === "redline/possible-secret";

/** Returns the finding as it counts in a test, or nothing. */
export function asTestFinding(finding: RawFinding): RawFinding[] {
  if (notInTests.some((pattern) => pattern.test(finding.rule))) return [];
  if (finding.rule === "redline/hidden-character") {
    return finding.severity === "minor" ? [] : [{ ...finding, severity: "nit" }];
  }
  return [isCredential(finding.rule) ? { ...finding, severity: "nit" } : finding];
}
