import { useEffect, useRef, useState } from "react";
import { EMPTY_REPLY, type PartialReply, ReplyFollower } from "./reply-follower";

/** Follows a reply while it is being written; updates at most once per frame. */
export function useReply(logId: string | undefined, onEnd: () => void): PartialReply {
  const [followed, setFollowed] = useState({ logId, reply: EMPTY_REPLY });
  const latestEnd = useRef(onEnd);
  latestEnd.current = onEnd;
  useEffect(() => {
    if (!logId) return;
    let frame = 0;
    let newest = EMPTY_REPLY;
    const draw = () => {
      frame = 0;
      setFollowed({ logId, reply: newest });
    };
    const follower = new ReplyFollower(logId, {
      open: (url) => new EventSource(url),
      onChange: (reply) => {
        newest = reply;
        // A hidden page has no animation frames.
        if (document.hidden) draw();
        else frame ||= requestAnimationFrame(draw);
      },
      onEnd: () => {
        draw();
        latestEnd.current();
      },
    });
    follower.start();
    const retry = () => follower.retry();
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
      follower.stop();
    };
  }, [logId]);
  return followed.logId === logId ? followed.reply : EMPTY_REPLY;
}
