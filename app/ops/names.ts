import type { RunningJob } from "@redline/core/ops/schema";

const JOBS: Record<RunningJob["kind"], string> = {
  review: "Built-in review",
  "model-review": "Review by a model",
  answer: "Answer",
};

export const jobName = (kind: RunningJob["kind"]): string => JOBS[kind];

const QUEUES = { review: "Reviews and answers" } as const;

export const queueName = (name: keyof typeof QUEUES): string => QUEUES[name];

export const NUMBER = "text-right tabular-nums whitespace-nowrap";
