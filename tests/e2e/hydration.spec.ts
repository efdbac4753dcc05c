import { expect, test } from "./support/test";

test("keys pressed while the page is still being hydrated break nothing", async ({ page }) => {
  await page.addInitScript(() => {
    const { port1, port2 } = new MessageChannel();
    const until = performance.now() + 5_000;
    // One between any two tasks of React.
    port1.onmessage = () => {
      document.querySelector("main")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      if (performance.now() < until) port2.postMessage(null);
    };
    port2.postMessage(null);
  });
  await page.goto("/sessions/new");
  // React hears nothing of the first of them.
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1_000 });
  }).toPass();
});
