import { PERMISSIONS, type Permission } from "@redline/core/access/schema";
import { listFindings } from "@redline/core/review/index";
import { restoreSession, trashSession } from "@redline/core/sessions/index";
import { expect, it } from "vitest";
import { readReplyEvents } from "../support/conversation";
import { contentOf, inputsOfNewSession, operations, statusOf } from "../support/operations";
import { withProduct } from "../support/product";

const product = withProduct();

/** Both are about the trash itself. */
const OF_TRASH = ["sessions.trash", "sessions.restore"];

const holdsInTrash = (permission: Permission): boolean => "inTrash" in PERMISSIONS[permission];

/** Operations on a session or its codebase, which their inputs name. */
function inSession(inputs: Record<string, unknown>) {
  const { id } = inputs["sessions.get"] as { id: string };
  const { codebaseId } = inputs["changes.get"] as { codebaseId: string };
  return operations.filter(({ operation }) => {
    const text = JSON.stringify(inputs[operation]);
    return !OF_TRASH.includes(operation) && (text.includes(id) || text.includes(codebaseId));
  });
}

it("a session in the trash is read and exported, its work can be stopped, and it takes no change until it is restored", async () => {
  const { actor } = product;
  const inputs = await inputsOfNewSession(actor);
  const { id } = inputs["sessions.get"] as { id: string };
  // The built-in reviewer's reply comes to its end, so that nothing changes in the background.
  await readReplyEvents(actor, (inputs["replies.follow"] as { logId: string }).logId);
  const those = inSession(inputs);
  const [reads, writes] = [true, false].map((want) => those.filter((each) => holdsInTrash(each.permission) === want));
  expect([reads?.length, writes?.length].every((count) => (count ?? 0) >= 15)).toBe(true);
  await trashSession(actor, { id });
  const before = await contentOf(actor, inputs);

  const statuses: Record<string, number> = {};
  for (const each of those) statuses[each.operation] = await statusOf(each, actor, inputs[each.operation]);
  const refused = Object.keys(statuses).filter((name) => statuses[name] === 403);
  expect(refused).toEqual(writes?.map((each) => each.operation));
  expect(await contentOf(actor, inputs)).toBe(before);

  await restoreSession(actor, { id });
  const finding = (await listFindings(actor, { sessionId: id }))[0];
  const dismiss = operations.find((each) => each.operation === "review.setDecision");
  if (!dismiss || !finding) throw new Error("There is nothing to decide on.");
  expect(await statusOf(dismiss, actor, inputs["review.setDecision"])).toBe(200);
});
