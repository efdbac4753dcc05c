import { Writable } from "node:stream";

/**
 * Returns a sink for React's output, and the response body that sends it. React writes in pieces of 2 KB; each of them
 * would pass through every stream up to the socket by itself, so what was written in one turn is passed on as one.
 * @param onWhole gets the page when React has written all of it
 */
export function pageBody(onWhole?: (html: string) => void): { sink: Writable; body: ReadableStream<Uint8Array> } {
  let written: Uint8Array[] = [];
  const all: Uint8Array[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      sink.destroy();
    },
  });
  const pass = () => {
    const [first, ...more] = written;
    if (!first || sink.destroyed) return;
    written = [];
    controller.enqueue(more.length === 0 ? first : Buffer.concat([first, ...more]));
  };
  const sink = new Writable({
    // A page is whole in memory before a slow reader has it, so holding React back for one would gain nothing.
    write(piece: Uint8Array, _encoding, done) {
      if (onWhole) all.push(piece);
      if (written.push(piece) === 1) setImmediate(pass);
      done();
    },
    final(done) {
      pass();
      controller.close();
      onWhole?.(Buffer.concat(all).toString("utf8"));
      done();
    },
    destroy(error, done) {
      if (error) controller.error(error);
      done(error);
    },
  });
  return { sink, body };
}
