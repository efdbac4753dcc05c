/** The numbers of the infrastructure (limits.md, "Queues"). */
export const POLICY = {
  review: { timeoutSeconds: 300, memory: "1 GB", concurrency: 4, receives: 3 },
  check: { timeoutSeconds: 60, memory: "2 GB" },
  changes: { timeoutSeconds: 30, memory: "512 MB", attempts: 5 },
  /** A job must not be given out again while its function may still be at work on it. */
  visibilityTimeouts: 6,
  retentionDays: 4,
  deadLetterDays: 14,
  uploadDays: 1,
} as const;

export const seconds = (count: number) => `${count} seconds` as const;
