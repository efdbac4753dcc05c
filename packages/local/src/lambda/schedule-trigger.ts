/** Calls a function by the clock, never twice at the same time. */
import { randomUUID } from "node:crypto";
import type { ScheduledEvent } from "aws-lambda";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../credentials";
import type { Outcome } from "./handler";
import { InFlightTracker } from "./in-flight";

export class ScheduleTrigger {
  readonly activity = new InFlightTracker();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly invoke: (event: ScheduledEvent) => Promise<Outcome>,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      if (!this.activity.busy) void this.activity.track(this.invoke(this.event()));
    }, this.everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private event(): ScheduledEvent {
    return {
      version: "0",
      id: randomUUID(),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: LOCAL_ACCOUNT,
      time: new Date().toISOString(),
      region: LOCAL_REGION,
      resources: [`arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/${this.name}`],
      detail: {},
    };
  }
}
