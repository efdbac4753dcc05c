import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeStreams } from "../../tests/support/fake-streams";
import { type LogMessage, LogStream } from "./log-stream";

describe("one connection for several logs", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start() {
    const streams = new FakeStreams();
    const stream = new LogStream(streams.open);
    const follow = (logId: string, after = 0) => {
      const messages: LogMessage[] = [];
      const stop = stream.follow(logId, after, (message) => messages.push(message));
      const sequences = () => messages.flatMap((message) => (message.type === "event" ? [message.sequence] : []));
      return { messages, stop, sequences };
    };
    return { streams, stream, follow };
  }

  it("carries the logs that are followed together, each event to the followers of its log", () => {
    const { streams, follow } = start();
    const a = follow("a");
    const b = follow("b", 4);
    vi.advanceTimersByTime(0);
    expect(streams.urls).toEqual(["/logs/a,b?after=0,4"]);
    streams.last.send("a", 1);
    streams.last.send("b", 5);
    expect([a.sequences(), b.sequences()]).toEqual([[1], [5]]);
  });

  it("delivers unnamed events where there is one log", () => {
    const { streams, follow } = start();
    const a = follow("a");
    vi.advanceTimersByTime(0);
    streams.last.send("message", 1);
    expect(a.sequences()).toEqual([1]);
  });

  it("replays from the beginning for a late follower, and delivers no event twice", () => {
    const { streams, follow } = start();
    const early = follow("a");
    vi.advanceTimersByTime(0);
    streams.last.send("message", 1);
    streams.last.send("message", 2);
    const late = follow("a");
    vi.advanceTimersByTime(0);
    expect(streams.urls.at(-1)).toBe("/logs/a?after=0");
    expect(streams.openCount).toBe(1);
    for (const sequence of [1, 2, 3]) streams.last.send("message", sequence);
    expect([early.sequences(), late.sequences()]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("resumes after the last events with growing pauses, and reports the lost connection", () => {
    const { streams, follow } = start();
    const a = follow("a");
    vi.advanceTimersByTime(0);
    streams.last.open();
    streams.last.send("message", 7);
    streams.last.fail();
    expect(a.messages.at(-1)).toEqual({ type: "connection", isLost: true });
    expect(streams.openCount).toBe(0);
    vi.advanceTimersByTime(500);
    expect(streams.urls.at(-1)).toBe("/logs/a?after=7");
    streams.last.fail();
    vi.advanceTimersByTime(999);
    expect(streams.urls).toHaveLength(2);
    vi.advanceTimersByTime(1);
    streams.last.open();
    expect(a.messages.at(-1)).toEqual({ type: "connection", isLost: false });
  });

  it("ignores a connection that it closed", () => {
    const { streams, stream, follow } = start();
    const a = follow("a");
    vi.advanceTimersByTime(0);
    const left = streams.last;
    left.fail();
    stream.retry();
    vi.advanceTimersByTime(0);
    left.send("message", 1);
    expect(a.sequences()).toEqual([]);
  });

  it("continues with the others when a log has ended or cannot be read, and closes after the last", () => {
    const { streams, follow } = start();
    const a = follow("a");
    const b = follow("b");
    vi.advanceTimersByTime(0);
    streams.last.send("end", 1, { log: "a" });
    expect(a.messages).toEqual([{ type: "end" }]);
    streams.last.send("failed", 0, { log: "b" });
    expect(b.messages).toEqual([{ type: "connection", isLost: true }]);
    vi.advanceTimersByTime(8_000);
    expect(streams.urls.at(-1)).toBe("/logs/b?after=0");
    b.stop();
    expect(streams.openCount).toBe(0);
  });
});
