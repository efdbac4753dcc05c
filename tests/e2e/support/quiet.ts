import type { Page } from "@playwright/test";

const ABORTED_READ = /^console error: AbortError: signal is aborted without reason\n\s+at .*\/assets\/components-/;

/** Collects what a page must not do unseen: print, throw, or ask for something that is not there. */
export class Noise {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Watches one page; a test that opens further pages in its context has them watched as well. */
  listen(page: Page): void {
    page.on("console", (message) => {
      const line = `console ${message.type()}: ${message.text()}`;
      // Remix prints it when the page reloads its data while an earlier answer is still being read; nothing is lost.
      if (!ABORTED_READ.test(line)) this.heard.push(line);
    });
    page.on("pageerror", (error) => this.heard.push(`uncaught: ${error.message}`));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "failed";
      // Requests that the page itself aborted, by navigating or repeating them, are not failures.
      if (reason !== "net::ERR_ABORTED") this.heard.push(`request failed: ${request.url()} ${reason}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.heard.push(`response ${response.status()}: ${response.url()}`);
    });
  }

  /** The test provokes this itself: each line that matches is no surprise. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  unexpected(): string[] {
    return this.heard.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}
