/**
 * Requests to addresses that an operator configured. No redirect is followed, because a key may go only where it is meant
 * for, and `redirect: "error"` is not used for it: in Node 20 and 22 such a `fetch` no longer hears its signal once the
 * headers are there and memory was collected.
 */
import { followAbort, untilAborted } from "./abort";

/** The other side wants the request sent elsewhere. `toOrigin` is all that is told of the place: the rest may hold a key. */
export class RedirectRefused extends Error {
  override readonly name = "RedirectRefused";

  constructor(
    readonly status: number,
    readonly toOrigin?: string,
  ) {
    super(`It redirects (HTTP ${status})${toOrigin ? ` to ${toOrigin}` : ""}.`);
  }
}

/** A response whose body ends with the signal of its request, also where `fetch` lost that. It is read once, or discarded. */
export class DirectResponse {
  constructor(
    private readonly response: Response,
    private readonly signal: AbortSignal,
    private readonly onClose: () => void,
  ) {}

  get status(): number {
    return this.response.status;
  }

  get ok(): boolean {
    return this.response.ok;
  }

  header(name: string): string | null {
    return this.response.headers.get(name);
  }

  /** The body as it comes. Rejects with the signal's reason on an abort; leaving it closes the connection, too. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    const reader = this.response.body?.getReader();
    if (!reader) return this.onClose();
    try {
      for (;;) {
        const { done, value } = await untilAborted(reader.read(), this.signal);
        if (done) return;
        yield value;
      }
    } finally {
      reader.cancel().catch(() => undefined);
      this.onClose();
    }
  }

  /** No more than `maxChars` are read, give or take a part. */
  async text(maxChars = Number.POSITIVE_INFINITY): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of this.bytes()) {
      text += decoder.decode(part, { stream: true });
      if (text.length >= maxChars) return text;
    }
    return text + decoder.decode();
  }

  /** Closes the connection of an unread body. */
  discard(): void {
    this.response.body?.cancel().catch(() => undefined);
    this.onClose();
  }
}

type DirectRequest = { method: "GET" | "POST"; headers?: Record<string, string>; body?: string };

/** Throws a RedirectRefused; after an abort the signal's reason, at once; else what `fetch` throws. */
export async function fetchDirect(url: string, request: DirectRequest, signal: AbortSignal): Promise<DirectResponse> {
  const own = new AbortController();
  const unfollow = followAbort(signal, own);
  let direct: DirectResponse;
  try {
    const fetched = fetch(url, { ...request, redirect: "manual", signal: own.signal });
    direct = new DirectResponse(await untilAborted(fetched, own.signal), signal, unfollow);
  } catch (error) {
    unfollow();
    throw error;
  }
  if (direct.status < 300 || direct.status > 399) return direct;
  direct.discard();
  throw new RedirectRefused(direct.status, originOf(direct.header("location"), url));
}

function originOf(location: string | null, base: string): string | undefined {
  return location !== null && URL.canParse(location, base) ? new URL(location, base).origin : undefined;
}
