/** What is added to a queue's name for its dead-letter queue. */
export const DEAD_SUFFIX = "-dead";
