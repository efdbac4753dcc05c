import { describe, expect, it, vi } from "vitest";
import { type PartialReply, ReplyFollower } from "./reply-follower";

/** A fake event source driven by the test. */
class Spoken extends EventTarget {
  readyState = 1;
  close = () => {
    this.readyState = 2;
  };
  constructor(readonly url: string) {
    super();
  }
  say(sequence: number, event: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(event), lastEventId: String(sequence) }));
  }
  fail(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

function follow() {
  const sources: Spoken[] = [];
  const seen: PartialReply[] = [];
  const onEnd = vi.fn();
  const follower = new ReplyFollower("log", {
    open: (url) => {
      const source = new Spoken(url);
      sources.push(source);
      return source;
    },
    onChange: (reply) => seen.push(reply),
    onEnd,
  });
  follower.start();
  return { follower, sources, last: () => seen.at(-1), onEnd, source: () => sources.at(-1) as Spoken };
}

describe("following a reply", () => {
  it("puts text together and takes each event once, also where it is sent again", () => {
    const { source, last } = follow();
    source().say(1, { type: "text", text: "one " });
    source().say(2, { type: "text", text: "two" });
    source().say(2, { type: "text", text: "two" });
    source().say(1, { type: "text", text: "one " });
    expect(last()?.text).toBe("one two");
  });

  it("says that the connection is lost while the source tries again, and goes on", () => {
    const { source, last, sources } = follow();
    source().say(1, { type: "text", text: "one" });
    source().fail(0);
    expect(last()?.isDisconnected).toBe(true);
    source().dispatchEvent(new Event("open"));
    expect(last()?.isDisconnected).toBe(false);
    expect(sources).toHaveLength(1);
  });

  it("opens a new source after the last event where the old one gave up", () => {
    vi.useFakeTimers();
    const { source, sources, last } = follow();
    source().say(7, { type: "text", text: "one" });
    source().fail(2);
    vi.runOnlyPendingTimers();
    expect(sources.map(({ url }) => url)).toEqual(["/logs/log", "/logs/log?after=7"]);
    source().say(8, { type: "text", text: " two" });
    expect(last()?.text).toBe("one two");
    vi.useRealTimers();
  });

  it("does not listen to a source that it left", () => {
    const { follower, sources, last } = follow();
    sources[0]?.fail(0);
    follower.retry();
    sources[0]?.say(1, { type: "text", text: "stale" });
    sources[1]?.say(1, { type: "text", text: "fresh" });
    expect(last()?.text).toBe("fresh");
  });

  it("ends once, with the event's state, and closes", () => {
    const { source, last, onEnd } = follow();
    source().say(1, { type: "progress", text: "Checking" });
    expect(last()?.status).toBe("Checking");
    source().say(1_000_000, { type: "end", status: "interrupted" });
    source().dispatchEvent(new Event("end"));
    expect(last()?.end).toMatchObject({ status: "interrupted" });
    expect(last()?.status).toBeUndefined();
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(source().readyState).toBe(2);
  });
});
