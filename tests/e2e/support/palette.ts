import type { Page } from "@playwright/test";
import { expect } from "./test";

export const palette = (page: Page) => page.getByRole("combobox", { name: "Command palette" });

/** Opens the palette by its key. The page hears none until it is hydrated, which takes a while on a busy machine. */
export async function openPaletteByKey(page: Page): Promise<void> {
  await expect(async () => {
    if (!(await palette(page).isVisible())) await page.keyboard.press("Control+k");
    await expect(palette(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(palette(page)).toBeFocused();
}
