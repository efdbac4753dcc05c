/** Actions and locators of a conversation. */
import type { Locator, Page } from "@playwright/test";
import { reviewed } from "./review";
import { makeSession } from "./sessions";
import { expect } from "./test";

/** Fourteen lines without a problem that the built-in reviewer would name, in two functions. */
export const ORDERS = `export type Order = { id: string; price: number; count: number };

export function totalOf(orders: readonly Order[]): number {
  let total = 0;
  for (const order of orders) {
    total += order.price * order.count;
  }
  return total;
}

export function firstOf(orders: readonly Order[]): Order | undefined {
  return orders.at(0);
}
`;

export const openThread = (page: Page): Locator => page.locator("article.thread[data-selected]");
export const messages = (page: Page): Locator => openThread(page).locator(".message");
export const lastReply = (page: Page): Locator => openThread(page).locator('.message[data-author="reviewer"]').last();
export const bar = (page: Page): Locator => page.getByRole("toolbar", { name: /^Ask about/ });
export const composer = (page: Page): Locator => page.locator(".thread[data-selected] .composer-text").last();
export const threadButton = (page: Page, name: string): Locator =>
  page.locator(".thread[data-selected]").getByRole("button", { name, exact: true });

export async function openOrders(page: Page, files: Record<string, string> = { "orders.ts": ORDERS }) {
  await page.goto("/rules");
  const id = await makeSession(page, "Orders", files);
  await page.goto(`/sessions/${id}`);
  await reviewed(page);
  return id;
}

/** Selects the lines from the one that holds `first` to the one that holds `last`, as a person does with a mouse. */
export async function selectLines(page: Page, first: string, last = first): Promise<void> {
  await page
    .locator(".cm-line", { hasText: first })
    .first()
    .click({ position: { x: 8, y: 8 } });
  await page.keyboard.press("Home");
  await page.keyboard.press("Home");
  await page
    .locator(".cm-line", { hasText: last })
    .first()
    .click({ modifiers: ["Shift"] });
  await page.keyboard.press("Shift+End");
  await expect(bar(page)).toBeVisible();
}

/** Asks about lines: the bar, the composer, *Ask*. */
export async function askAbout(page: Page, first: string, last: string, question: string): Promise<void> {
  await selectLines(page, first, last);
  await bar(page).getByRole("button", { name: "Ask" }).click();
  await composer(page).fill(question);
  await threadButton(page, "Ask").click();
}

/** A call of `propose_change` that replaces lines of a text. */
export function proposing(path: string, text: string, edits: { from: number; to: number; replacement: string }[]) {
  const lines = text.split("\n");
  return {
    name: "propose_change",
    input: {
      summary: "Sum with reduce",
      edits: edits.map(({ from, to, replacement }) => ({
        path,
        start_line: from,
        end_line: to,
        original: lines.slice(from - 1, to).join("\n"),
        replacement,
      })),
    },
  };
}
