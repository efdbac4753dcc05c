/** Findings, reviews and changes under the terms of the glossary. */
import { packed } from "../../compressed-json";
import type { RawItem } from "../../partitions";
import { deleteItem, putNewItem, updateItem } from "../stored-items";

/** A decision on a finding was called an answer. */
export async function migrateDecision({ answer, answeredAt, ...rest }: RawItem): Promise<void> {
  const sk = `DECISION#${rest.identity}`;
  await putNewItem({ ...rest, sk, type: "decision", decision: answer, decidedAt: answeredAt });
  await deleteItem(rest);
}

type Named = Record<string, unknown>;

/** A fix that is to be reviewed before it is applied was *look-first*. */
const toSafety = (former: unknown) => (former === "look-first" ? "unsafe" : former);

export async function migrateFinding(old: RawItem): Promise<void> {
  const fix = packed.decode(old.fix) as Named | undefined;
  if (fix?.safety !== "look-first") return;
  await updateItem(old, { fix: packed.encode({ ...fix, safety: toSafety(fix.safety) }) }, "fix");
}

/** The change that applies all safe fixes had the origin *all-safe*. */
export async function migrateChange(old: RawItem): Promise<void> {
  const origin = packed.decode(old.origin) as Named | undefined;
  const isOfSafeFixes = origin?.kind === "all-safe";
  if (old.safety !== "look-first" && !isOfSafeFixes) return;
  await updateItem(
    old,
    {
      safety: toSafety(old.safety),
      ...(isOfSafeFixes && { origin: packed.encode({ ...origin, kind: "safe-fixes" }) }),
    },
    "origin",
  );
}

export async function migrateReview(old: RawItem): Promise<void> {
  const result = packed.decode(old.result) as Named | undefined;
  if (result?.fresh !== undefined) await updateItem(old, { result: packed.encode(renameCounts(result)) }, "result");
}

/** A result of the model that was stored and not carried out is dropped: that file is reviewed again. */
export async function migrateModelReview(old: RawItem): Promise<void> {
  const steps = old.steps as Named[];
  if (!steps.some(({ fresh }) => fresh !== undefined)) return;
  await updateItem(old, { steps: steps.map(({ answer: _answer, ...step }) => renameCounts(step)) }, "epoch");
}

function renameCounts({ fresh, stillOpen, answered, gone, ...rest }: Named): Named {
  return { ...rest, new: fresh, open: stillOpen, decided: answered, resolved: gone };
}
