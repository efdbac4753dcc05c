/** The far end of tracing: what stands beside each Lambda function and takes its segments, as datagrams. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { vi } from "vitest";

export type Segment = {
  trace_id: string;
  id: string;
  parent_id: string;
  name: string;
  start_time: number;
  end_time?: number;
  annotations?: Record<string, unknown>;
  aws?: Record<string, unknown>;
  fault?: boolean;
};

export async function startXrayDaemon() {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const segments: Segment[] = [];
  socket.on("message", (packet) => segments.push(JSON.parse(String(packet).split("\n")[1] ?? "")));
  return {
    /** Environment by which Lambda points a function to the daemon. */
    env: {
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}`,
    },
    /** Returns the segments received since the last call, up to the end of the named segment of this trace. */
    async sentUntil(traceId: string, name: string): Promise<Segment[]> {
      const isEnd = (segment: Segment) => segment.trace_id === traceId && segment.name === name;
      await vi.waitFor(
        () => {
          if (!segments.some(isEnd)) throw new Error(`no end of ${name} among ${segments.length} segments`);
        },
        { timeout: 60_000 },
      );
      return segments.splice(0);
    },
    close: () => socket.close(),
  };
}

export type XrayDaemon = Awaited<ReturnType<typeof startXrayDaemon>>;
