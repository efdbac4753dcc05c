const QUEUES = new Map<string, string>(Object.entries({ review: "Reviews and replies" }));

/** Of a queue whose worker is yet to come, as the stacks have it. */
export const queueName = (name: string): string => QUEUES.get(name) ?? name;

const FUNCTIONS = new Map<string, string>(
  Object.entries({
    Site: "Pages",
    Logs: "Reply streams",
    Review: "Reviews and replies",
    Changes: "Outbox",
    Check: "Code check",
    Sweep: "Minute sweep",
    Nightly: "Nightly sweep",
    Notify: "Alarm notifications",
  }),
);

/** By the label that the alarms and the dashboard have for it. */
export const functionName = (label: string): string => FUNCTIONS.get(label) ?? label;

export const NUMBER = "text-right tabular-nums whitespace-nowrap";
