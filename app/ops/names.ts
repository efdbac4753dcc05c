const QUEUES = new Map<string, string>(Object.entries({ review: "Reviews and answers" }));

/** Of a queue whose worker is yet to come, as the stacks have it. */
export const queueName = (name: string): string => QUEUES.get(name) ?? name;

const FUNCTIONS = new Map<string, string>(
  Object.entries({
    Site: "Pages",
    Logs: "Streams of answers",
    Review: "Reviews and answers",
    Changes: "Announcements",
    Check: "Code checker",
    Sweep: "Sweep each minute",
    Nightly: "Nightly sweep",
    Notify: "Alarms to chat",
  }),
);

/** By the label that the alarms and the dashboard have for it. */
export const functionName = (label: string): string => FUNCTIONS.get(label) ?? label;

export const NUMBER = "text-right tabular-nums whitespace-nowrap";
