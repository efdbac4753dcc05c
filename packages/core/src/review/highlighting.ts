import { LRUCache } from "lru-cache";
import * as v from "valibot";
import { authorize } from "../access/index";
import { LIMITS } from "../limits";
import { errorFields, log } from "../platform/log";
import { operation } from "../platform/operation";
import { reviewerClient } from "../reviewer-client/index";

type Spans = Uint32Array;

const WAIT_MS = 1_500;
/** After a failure pages stay plain this long, so that none of them waits for a highlighter that does not answer. */
const PLAIN_FOR_MS = 10_000;

const PLAIN: Spans = new Uint32Array();

/** By owner, content and language; numbers take half the room here that they take in a plain array. */
const known = new LRUCache<string, Uint32Array>({
  maxSize: 8 * 1024 * 1024,
  sizeCalculation: (spans) => spans.byteLength + 1,
});
const pending = new Map<string, Promise<Spans>>();
let plainUntil = 0;

/**
 * Returns a stored text's highlighting: triples of from, to and classes. Cached by owner and hash, so that the same text has
 * the same array. Empty (plain text) past
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
    if (cached) return cached;
    if (text.length > LIMITS.review.maxFileBytes || Date.now() < plainUntil) return PLAIN;
    const spans = pending.get(key) ?? requestSpans(key, text, language);
    pending.set(key, spans);
    return spans;
  },
);

async function requestSpans(key: string, text: string, language: string): Promise<Spans> {
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const spans = Uint32Array.from(await reviewerClient.highlight({ text, language }, { signal }));
    known.set(key, spans);
    return spans;
  } catch (error) {
    plainUntil = Date.now() + PLAIN_FOR_MS;
    log.warn("highlight failed", errorFields(error));
    return PLAIN;
  } finally {
    pending.delete(key);
  }
}
