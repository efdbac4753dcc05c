import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeStreams } from "../../tests/support/fake-streams";
import { SharedStream } from "./shared-stream";

/** A browser with tabs: one lock, one channel, and the streams of all its tabs. */
class Browser {
  readonly streams = new FakeStreams();
  private readonly channels = new Set<{ onmessage: ((event: MessageEvent) => void) | null }>();
  private readonly waiting: (() => Promise<void>)[] = [];
  private isLocked = false;
  private tabs = 0;

  tab() {
    this.tabs += 1;
    const state = { isVisible: true };
    const received: number[] = [];
    const shared = new SharedStream({
      id: `tab${this.tabs}`,
      isVisible: () => state.isVisible,
      openStream: this.streams.open,
      openChannel: () => this.openChannel(),
      lock: (_, signal, whileHeld) => this.lock(signal, whileHeld),
    });
    const follow = (logId: string) =>
      shared.follow(logId, (message) => message.type === "event" && received.push(message.sequence));
    const show = async (isVisible: boolean) => {
      state.isVisible = isVisible;
      shared.update();
      await settle();
    };
    return { follow, received, show };
  }

  private openChannel() {
    const channel = {
      onmessage: null as ((event: MessageEvent) => void) | null,
      postMessage: (data: unknown) => {
        for (const other of [...this.channels]) if (other !== channel) other.onmessage?.({ data } as MessageEvent);
      },
      close: () => void this.channels.delete(channel),
    };
    this.channels.add(channel);
    return channel;
  }

  private lock(signal: AbortSignal, whileHeld: () => Promise<void>): void {
    this.waiting.push(() => (signal.aborted ? Promise.resolve() : whileHeld()));
    void this.next();
  }

  private async next(): Promise<void> {
    const hold = this.isLocked ? undefined : this.waiting.shift();
    if (!hold) return;
    this.isLocked = true;
    await hold();
    this.isLocked = false;
    await this.next();
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("one stream for all tabs of a browser", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("serves twenty tabs that follow the same reply, one that follows another, and a late one", async () => {
    const browser = new Browser();
    const tabs = Array.from({ length: 20 }, () => browser.tab());
    for (const tab of tabs) tab.follow("reply");
    const other = browser.tab();
    other.follow("review");
    await settle();
    expect(browser.streams.openCount).toBe(1);
    browser.streams.last.send("reply", 1);
    browser.streams.last.send("review", 1);
    const late = browser.tab();
    late.follow("reply");
    await settle();
    for (const sequence of [1, 2]) browser.streams.last.send("reply", sequence);
    expect(tabs.map(({ received }) => received)).toEqual(tabs.map(() => [1, 2]));
    expect([other.received, late.received]).toEqual([[1], [1, 2]]);
    expect(browser.streams.openCount).toBe(1);
  });

  it("has no stream for hidden tabs, and resumes after the last event once one is visible", async () => {
    const browser = new Browser();
    const tab = browser.tab();
    tab.follow("reply");
    await settle();
    browser.streams.last.send("message", 1);
    await tab.show(false);
    expect(browser.streams.openCount).toBe(0);
    await tab.show(true);
    expect(browser.streams.last.url).toBe("/logs/reply?after=1");
    browser.streams.last.send("message", 2);
    expect(tab.received).toEqual([1, 2]);
  });

  it("opens nothing for a tab that is opened in the background", async () => {
    const browser = new Browser();
    const tab = browser.tab();
    await tab.show(false);
    tab.follow("reply");
    await settle();
    expect(browser.streams.all).toEqual([]);
  });

  it("hands the stream to another tab when the leading one is hidden or done", async () => {
    const browser = new Browser();
    const [first, second, third] = [browser.tab(), browser.tab(), browser.tab()];
    const stop = first.follow("reply");
    second.follow("reply");
    third.follow("reply");
    await settle();
    browser.streams.last.send("message", 1);
    stop();
    await settle();
    expect(browser.streams.openCount).toBe(1);
    browser.streams.last.send("message", 2);
    await second.show(false);
    expect(browser.streams.openCount).toBe(1);
    browser.streams.last.send("message", 3);
    expect([first.received, second.received, third.received]).toEqual([[1], [1, 2], [1, 2, 3]]);
  });
});
