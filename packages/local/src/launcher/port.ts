import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that was just ended gives its port free within moments. */
const WAIT_MS = 3_000;

/** Resolves whether this port of 127.0.0.1 is free, after waiting up to 3 s for a server that is ending. */
export async function isPortFree(port: number): Promise<boolean> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (await canListen(port)) return true;
    if (Date.now() > deadline) return false;
    await sleep(100);
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}
