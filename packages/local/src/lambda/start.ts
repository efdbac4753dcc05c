/** Starts the functions and what triggers them, in this process. */
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Reporter } from "../cloudwatch/reporter";
import { AsyncInvocations } from "./async-invocations";
import { CloudClient, type CloudEndpoints } from "./cloud-client";
import { writeFailureRecord } from "./failure-records";
import type { FunctionConfig } from "./functions";
import type { ReportFailure } from "./handler";
import { FunctionHost, type LoadFunction } from "./host";
import { invokeServer } from "./invoke-api";
import { QueueTrigger } from "./queue-trigger";
import { ScheduleTrigger } from "./schedule-trigger";
import { StreamTrigger } from "./stream-trigger";

export interface WorkersOptions {
  functions: FunctionConfig[];
  load: LoadFunction;
  endpoints: CloudEndpoints;
  /** Receives a failure record for each change that a function could not process. */
  bucket: string;
  /** Changes of other tables are of no interest; all tables when absent. */
  table?: string;
  /** The port of the Invoke API; 0 or undefined takes a free one. */
  port?: number;
  /** Told the address of the Invoke API before any function runs. */
  onListening?: (url: string) => void;
  /** One line on standard error when absent. */
  report?: ReportFailure;
  /** Delay before a failed message is retried, in whole seconds. */
  retryDelayS?: number;
  /** Between two attempts at a change of the table, doubled each time. */
  streamRetryDelayMs?: number;
}

export interface Workers {
  /** The address of the Invoke API. */
  url: string;
  /** Resolves when the queues and the stream are empty and nothing runs. Schedules do not count. */
  idle(): Promise<void>;
  /**
   * Takes nothing more; what does not end within a moment is given up, so that the next workers go on with it at once.
   * Waits for that at most `withinMs`.
   */
  close(withinMs?: number): Promise<void>;
}

const RETRY_DELAY_S = 5;
const STREAM_RETRY_DELAY_MS = 200;
/** The launcher ends a process that takes 3 s to end. */
const CLOSE_WITHIN_MS = 2_500;
/** Duration of a small review: not worth starting over. */
const LEAVE_AFTER_MS = 500;
const IDLE_LOOK_MS = 15;

/** The queues must exist, or will be polled until they do. @throws when the cloud cannot be reached */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { functions, endpoints, table, port = 0, retryDelayS = RETRY_DELAY_S } = options;
  const client = new CloudClient(endpoints);
  const reporter = new Reporter(endpoints.cloudwatch);
  const host = new FunctionHost(functions, options.load, options.report, (...about) => reporter.invoked(...about));
  const asynchronous = new AsyncInvocations(client, host, retryDelayS);
  const server = invokeServer(host, (name, event) => asynchronous.accept(name, event));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  options.onListening?.(url);
  await asynchronous.start();
  const queues: QueueTrigger[] = [asynchronous.trigger];
  const streams: StreamTrigger[] = [];
  const schedules: ScheduleTrigger[] = [];
  for (const config of functions) {
    const { name, trigger } = config;
    const invoke = (event: unknown) => host.invoke(config, event);
    if (!trigger) continue;
    if ("queue" in trigger) queues.push(started(new QueueTrigger({ client, config: trigger, invoke, retryDelayS })));
    else if ("everyMs" in trigger) schedules.push(started(new ScheduleTrigger(name, trigger.everyMs, invoke)));
    else
      streams.push(
        started(
          new StreamTrigger({
            client,
            consumer: name,
            table,
            batchSize: trigger.batchSize,
            invoke,
            retryDelayMs: options.streamRetryDelayMs ?? STREAM_RETRY_DELAY_MS,
            setAside: (record, failure, attempts) =>
              writeFailureRecord(endpoints.s3, options.bucket, name, record, failure, attempts),
          }),
        ),
      );
  }
  const activities = [host, ...queues, ...streams].map(({ activity }) => activity);

  return {
    url,

    async idle() {
      const begun = () => activities.reduce((sum, { started }) => sum + started, 0);
      const isQuiet = async () => {
        for (const stream of streams) if (!(await stream.isDrained())) return false;
        for (const queue of queues) if (!(await queue.isEmpty())) return false;
        return !activities.some(({ busy }) => busy);
      };
      for (;;) {
        // Looking takes a while, in which a function may have moved its work from a place not yet seen to one seen.
        const before = begun();
        if ((await isQuiet()) && begun() === before && (await isQuiet()) && begun() === before) return;
        await sleep(IDLE_LOOK_MS);
      }
    },

    async close(withinMs = CLOSE_WITHIN_MS) {
      for (const schedule of schedules) schedule.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const ended = Promise.all([...queues, ...streams].map((trigger) => trigger.stop())).then(() =>
        Promise.all(activities.map((activity) => activity.ended())),
      );
      const most = (ms: number) => sleep(ms, undefined, { ref: false });
      await Promise.race([ended, most(Math.min(LEAVE_AFTER_MS, withinMs))]);
      // A lease that could not be handed back expires, or is released at the next start.
      await Promise.race([ended, Promise.all([host.leave().catch(() => undefined), most(withinMs)])]);
      await Promise.all([...queues.map((queue) => queue.giveBack()), reporter.send()]);
      server.closeAllConnections();
      await closed;
      client.close();
    },
  };
}

function started<T extends { start(): void }>(trigger: T): T {
  trigger.start();
  return trigger;
}
