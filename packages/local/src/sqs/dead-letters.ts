/** Suffix of a queue's name that names its dead-letter queue. */
export const DEAD_SUFFIX = "-dead";
