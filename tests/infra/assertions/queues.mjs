/** The queues of jobs. */
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

const DAY = 24 * 60 * 60;

/** @type {InfraRule[]} */
export const QUEUES = [
  {
    rule: "there is a queue for reviews; each queue has a worker, and dead letters of its own after three receives",
    problems: ({ jobQueues, deadQueues, mappings }) => {
      const isWorked = (/** @type {any} */ queue) =>
        mappings.some(({ inputs }) => inputs.eventSourceArn.endsWith(`:${queue.inputs.name}`));
      return [
        ...(jobQueues.some(({ name }) => name === "ReviewJobsQueue") ? [] : ["no queue for reviews"]),
        ...each(
          jobQueues.filter((queue) => !isWorked(queue)),
          "nobody works on its jobs",
        ),
        ...jobQueues.flatMap((queue) => {
          const redrive = JSON.parse(queue.inputs.redrivePolicy ?? "{}");
          const dead = deadQueues.find(({ name }) => name === queue.name.replace("Jobs", "Dead"));
          const isOwn = !!dead && String(redrive.deadLetterTargetArn).endsWith(`:${dead.inputs.name}`);
          return isOwn && redrive.maxReceiveCount === 3 ? [] : each([queue], "no dead letters after three receives");
        }),
      ];
    },
    mutate: ({ jobQueues }) => void delete jobQueues[0]?.inputs.redrivePolicy,
  },
  {
    rule: "a job is not given out again while it may still be worked on: visibility is six times the timeout",
    problems: (stack) =>
      stack.mappings
        .filter(({ inputs }) => inputs.eventSourceArn.includes(":sqs:"))
        .flatMap(({ inputs }) => {
          const queue = stack.jobQueues.find((each) => inputs.eventSourceArn.endsWith(`:${each.inputs.name}`));
          const worker = stack.functions.find((each) =>
            inputs.functionName.replace(/:live$/, "").endsWith(`:${each.inputs.name}`),
          );
          if (!queue || !worker) return ["a mapping without its queue or function"];
          const needed = 6 * worker.inputs.timeout;
          return queue.inputs.visibilityTimeoutSeconds >= needed ? [] : each([queue], `needs ${needed} s`);
        }),
    mutate: ({ jobQueues }) => {
      for (const queue of jobQueues) queue.inputs.visibilityTimeoutSeconds = 300;
    },
  },
  {
    rule: "queues are encrypted, keep jobs four days and dead letters fourteen",
    problems: ({ jobQueues, deadQueues }) => [
      ...each(
        [...jobQueues, ...deadQueues].filter(({ inputs }) => !inputs.sqsManagedSseEnabled),
        "not encrypted",
      ),
      ...each(
        jobQueues.filter(({ inputs }) => inputs.messageRetentionSeconds !== 4 * DAY),
        "not four days",
      ),
      ...each(
        deadQueues.filter(({ inputs }) => inputs.messageRetentionSeconds !== 14 * DAY),
        "not fourteen days",
      ),
    ],
    mutate: ({ deadQueues }) => {
      for (const queue of deadQueues) queue.inputs.messageRetentionSeconds = 4 * DAY;
    },
  },
  {
    rule: "workers fail single messages, not whole batches, and only so many work at once",
    problems: (stack) =>
      stack.mappings
        .filter(({ inputs }) => inputs.eventSourceArn.includes(":sqs:"))
        .flatMap((mapping) => [
          ...(mapping.inputs.functionResponseTypes?.includes("ReportBatchItemFailures")
            ? []
            : each([mapping], "whole batches fail")),
          ...(mapping.inputs.scalingConfig?.maximumConcurrency >= 2 ? [] : each([mapping], "no bound on concurrency")),
        ]),
    mutate: (stack) => {
      for (const { inputs } of stack.mappings) delete inputs.scalingConfig;
    },
  },
];
