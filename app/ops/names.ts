const QUEUES = new Map<string, string>(Object.entries({ review: "Reviews and replies" }));

/** Returns a queue's display name; its stack name when it has none. */
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

/** Returns the display name of a function by its alarm and dashboard label. */
export const functionName = (label: string): string => FUNCTIONS.get(label) ?? label;
