/** Replies' face: answers being written, followed, stopped and continued. */
import type { Job } from "../platform/announce";

/** Writes an answer that was asked for and that nobody followed. Delivered again, it does nothing. */
export async function answerUnfollowed(_job: Job<"answer">): Promise<void> {
  throw new Error("not written yet");
}
