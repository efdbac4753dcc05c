import type { LogEvent } from "@redline/core/platform/event-log";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventStream, type StreamedLog } from "./event-stream.server";

/** A log of events 1 to `count`; it remembers after which one it was asked for. */
function logOf(id: string, count: number): StreamedLog & { requested: number[] } {
  const requested: number[] = [];
  return {
    id,
    requested: requested,
    follow: async (after) => {
      requested.push(after);
      return (async function* (): AsyncGenerator<LogEvent> {
        for (let sequence = after + 1; sequence <= count; sequence += 1) {
          yield { sequence, event: { n: sequence }, last: sequence === count };
        }
      })();
    },
  };
}

const unreadable = (id: string): StreamedLog => ({ id, follow: () => Promise.reject(new Error("not yours")) });

async function read(url: string, logs: StreamedLog[], headers: Record<string, string> = {}): Promise<string[]> {
  const response = await eventStream(new Request(`http://localhost${url}`, { headers }), logs);
  return (await response.text()).split("\n\n").slice(1, -1);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a stream of event logs", () => {
  it("sends one log's events unnamed, after the last that the browser has", async () => {
    const log = logOf("a", 3);
    expect(await read("/logs/a", [log], { "last-event-id": "1" })).toEqual([
      'id: 2\ndata: {"n":2}',
      'id: 3\ndata: {"n":3}',
      'event: end\nid: 3\ndata: {"log":"a"}',
    ]);
    expect(log.requested).toEqual([1]);
  });

  it("names several logs' events by their log, each after its own last, and continues without one that is forbidden", async () => {
    const sent = await read("/logs/a,b,c?after=1,0,4", [logOf("a", 2), unreadable("b"), logOf("c", 5)]);
    expect(sent.sort()).toEqual([
      'event: a\nid: 2\ndata: {"n":2}',
      'event: c\nid: 5\ndata: {"n":5}',
      'event: end\nid: 2\ndata: {"log":"a"}',
      'event: end\nid: 5\ndata: {"log":"c"}',
      'event: failed\ndata: {"log":"b"}',
    ]);
  });

  it("is the error response when its only log is forbidden", async () => {
    await expect(eventStream(new Request("http://localhost/logs/a"), [unreadable("a")])).rejects.toThrow("not yours");
  });

  it("ends, without another event, when its reader may no longer read it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let isAllowed = true;
    const log: StreamedLog = {
      id: "a",
      follow: async () =>
        (async function* (): AsyncGenerator<LogEvent> {
          yield { sequence: 1, event: { n: 1 }, last: false };
          isAllowed = false;
          vi.setSystemTime(Date.now() + 60_000);
          yield { sequence: 2, event: { n: 2 }, last: false };
          yield { sequence: 3, event: { n: 3 }, last: true };
        })(),
    };
    const response = await eventStream(new Request("http://localhost/logs/a"), [log], async () => isAllowed);
    const text = await response.text();
    expect(text).toContain('data: {"n":1}');
    expect(text).not.toContain('{"n":2}');
    expect(text).not.toContain("event: end");
  });
});
