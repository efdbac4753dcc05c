import { describe, expect, it, vi } from "vitest";
import type { LogListener } from "../logs/log-stream";
import { followReply, type PartialReply } from "./reply-follower";

function follow() {
  const seen: PartialReply[] = [];
  const onEnd = vi.fn();
  let listen: LogListener = () => undefined;
  let sequence = 0;
  const stop = followReply("log", {
    follow: (_, listener) => {
      listen = listener;
      return () => undefined;
    },
    onChange: (reply) => seen.push(reply),
    onEnd,
  });
  const say = (event: object) => {
    sequence += 1;
    listen({ type: "event", sequence, data: JSON.stringify(event) });
  };
  return { say, tell: (message: Parameters<LogListener>[0]) => listen(message), stop, last: () => seen.at(-1), onEnd };
}

describe("following a reply", () => {
  it("appends text, and removes what the model retracts", () => {
    const { say, last } = follow();
    say({ type: "text", text: "one " });
    say({ type: "text", text: "two" });
    expect(last()?.text).toBe("one two");
    say({ type: "kept", chars: 3 });
    expect(last()?.text).toBe("one");
  });

  it("reports a lost connection, and resumes", () => {
    const { say, tell, last } = follow();
    say({ type: "text", text: "one" });
    tell({ type: "connection", isLost: true });
    expect(last()).toMatchObject({ isDisconnected: true, text: "one" });
    tell({ type: "connection", isLost: false });
    expect(last()?.isDisconnected).toBe(false);
  });

  it("ends once, with the event's state", () => {
    const { say, tell, last, onEnd } = follow();
    say({ type: "progress", text: "Checking" });
    expect(last()?.status).toBe("Checking");
    say({ type: "end", status: "interrupted" });
    tell({ type: "end" });
    expect(last()?.end).toMatchObject({ status: "interrupted" });
    expect(last()?.status).toBeUndefined();
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it("emits no event after it was closed", () => {
    const { say, stop, last, onEnd } = follow();
    stop();
    say({ type: "end", status: "done" });
    expect(last()).toBeUndefined();
    expect(onEnd).not.toHaveBeenCalled();
  });
});
