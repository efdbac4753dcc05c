import { useEffect, useRef, useState } from "react";
import { followLog } from "../logs/follow-log";
import { EMPTY_REPLY, followReply, type PartialReply } from "./reply-follower";

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
    const stop = followReply(logId, {
      follow: followLog,
      onChange: (reply) => {
        newest = reply;
        frame ||= requestAnimationFrame(draw);
      },
      onEnd: () => {
        draw();
        latestEnd.current();
      },
    });
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [logId]);
  return followed.logId === logId ? followed.reply : EMPTY_REPLY;
}
