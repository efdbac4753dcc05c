import { useEffect, useRef, useState } from "react";
import { AnswerFollower, type AnswerSoFar, NOTHING_YET } from "./answer-follower";

/** Follows an answer while it is being written; what came is drawn once a frame. */
export function useAnswer(logId: string | undefined, onEnd: () => void): AnswerSoFar {
  const [followed, setFollowed] = useState({ logId, answer: NOTHING_YET });
  const latestEnd = useRef(onEnd);
  latestEnd.current = onEnd;
  useEffect(() => {
    if (!logId) return;
    let frame = 0;
    let newest = NOTHING_YET;
    const draw = () => {
      frame = 0;
      setFollowed({ logId, answer: newest });
    };
    const follower = new AnswerFollower(logId, {
      open: (url) => new EventSource(url),
      onChange: (answer) => {
        newest = answer;
        // A page that nobody looks at has no frames.
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
  return followed.logId === logId ? followed.answer : NOTHING_YET;
}
