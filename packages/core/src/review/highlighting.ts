import { LRUCache } from "lru-cache";
import * as v from "valibot";
import { authorize } from "../access/index";
import { LIMITS } from "../limits";
import { errorFields, log } from "../platform/log";
import { operation } from "../platform/operation";
import { reviewerClient } from "../reviewer-client/index";

type Spans = number[];

const WAIT_MS = 1_500;
/** After a failure pages stay plain this long, so that none of them waits for a highlighter that does not answer. */
const PLAIN_FOR_MS = 10_000;

/** By owner, content and language; numbers take half the room here that they take in a plain array. */
const known = new LRUCache<string, Uint32Array>({
  maxSize: 8 * 1024 * 1024,
  sizeCalculation: (spans) => spans.byteLength + 1,
});
const asked = new Map<string, Promise<Spans>>();
let plainUntil = 0;

/**
 * Highlighting of a stored text: triples of from, to and classes. Cached by owner and hash. Empty (plain text) past
 * 5,000 lines, for unknown languages, and when the highlighter fails or takes too long: a page hardly waits for colours.
 */
export const highlight = operation(
  "review.highlight",
  "code.read",
  v.object({ teamId: v.string(), hash: v.string(), text: v.string(), language: v.string() }),
  async (actor, { teamId, hash, text, language }): Promise<Spans> => {
    authorize(actor, "code.read", { teamId });
    const key = `${teamId} ${hash} ${language}`;
    const cached = known.get(key);
    if (cached) return Array.from(cached);
    if (text.length > LIMITS.review.maxFileBytes || Date.now() < plainUntil) return [];
    const answer = asked.get(key) ?? ask(key, text, language);
    asked.set(key, answer);
    return answer;
  },
);

async function ask(key: string, text: string, language: string): Promise<Spans> {
  try {
    const spans = await reviewerClient.highlight({ text, language }, { signal: AbortSignal.timeout(WAIT_MS) });
    known.set(key, Uint32Array.from(spans));
    return spans;
  } catch (error) {
    plainUntil = Date.now() + PLAIN_FOR_MS;
    log.warn("highlight failed", errorFields(error));
    return [];
  } finally {
    asked.delete(key);
  }
}
