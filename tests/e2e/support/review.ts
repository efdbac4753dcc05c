/** Actions and locators of the review screen. */
import { expect, type Locator, type Page } from "@playwright/test";

export const editor = (page: Page): Locator => page.locator(".cm-content");
export const saveState = (page: Page): Locator => page.getByTestId("save-state");
export const version = (page: Page): Locator => page.locator(".review-version");
export const cards = (page: Page): Locator => page.locator("article.finding");
export const redlineButtons = (page: Page, name: "Accept" | "Reject"): Locator =>
  page.locator(".redline-act", { hasText: name });

/** Waits until the review of the head is done and, where the editor is to come, until it is there. */
export async function reviewed(page: Page, { withEditor = true } = {}): Promise<void> {
  await expect(page.getByText(/^Reviewed v\d+$/)).toBeVisible();
  if (withEditor) await expect(editor(page)).toBeVisible();
}

/** Puts the cursor at the end of the line that holds `text` and types. */
export async function typeAfter(page: Page, text: string, typed: string): Promise<void> {
  await page.locator(".cm-line", { hasText: text }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(typed);
}

/** The whole text of a session's file, as it is stored. */
export async function storedText(page: Page, id: string, path: string): Promise<string> {
  const response = await page.request.get(`/sessions/${id}/text?path=${encodeURIComponent(path)}`);
  return response.text();
}
