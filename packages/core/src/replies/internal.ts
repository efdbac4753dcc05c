import { interruptAll, settled } from "./produce";

export { type Answerer, canAnswer } from "./model-required";
export { interruptAnswersOf, sweepAnswers } from "./sweep";
export { replyWork } from "./work";

/** Resolves once every answer that this process is writing has ended: before a Lambda's handler returns. */
export const answersSettled = (): Promise<void> => settled();

/** Ends what this process is writing as *interrupted*, to be continued elsewhere: before a server ends. */
export const interruptAnswers = (): Promise<void> => interruptAll();
