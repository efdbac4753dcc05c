import { askAbout, ORDERS, openOrders, openThread, proposing } from "./support/conversation";
import { saveState, typeAfter, version } from "./support/review";
import { expect, testWithModel } from "./support/with-model";

const test = testWithModel({ protocol: "openai" });
const LAST = "}\n\nexport function lastOf(orders: readonly Order[]): Order | undefined {\n  return orders.at(-1);\n}";

test("a suggestion that would declare a name twice once merged warns of it, and so does accepting it", async ({
  page,
  model,
}) => {
  await openOrders(page);
  const call = proposing("orders.ts", ORDERS, [{ from: 13, to: 13, replacement: LAST }]);
  model.answer({ text: "Like the first, from behind.", toolCalls: [call] });
  await askAbout(page, "return orders.at(0)", "return orders.at(0)", "And the last?");
  const evidence = openThread(page).locator(".proposal-evidence");
  await expect(evidence).toHaveText("parses · adds no problems");

  await typeAfter(page, "export type Order", "\nexport const lastOf = 1;");
  await page.keyboard.press("Control+s");
  await expect(version(page)).toContainText("v2");
  await expect(saveState(page)).toContainText(/saved/i);
  // While the engines are busy with a review, a page says that it is not known yet.
  await expect(async () => {
    await page.reload();
    await expect(evidence).toHaveText("does not parselastOf is declared twice after the merge, lines 2 and 16", {
      timeout: 3_000,
    });
  }).toPass();
  if (process.env.SHOTS) {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `${process.env.SHOTS}/${scheme}-1440.png` });
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: `${process.env.SHOTS}/dark-390.png` });
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await openThread(page).getByRole("button", { name: "Accept", exact: true }).click();
  await expect(version(page)).toContainText("v3");
  await expect(page.getByRole("region", { name: /^Notifications/ })).toContainText(
    "Merged with newer changes. lastOf is declared twice after the merge, lines 2 and 16.",
  );
});
