/** Differences for the domains that have loaded the session through an actor already. */
export { type DecidedFile, decidedFiles } from "./decisions/state";
export { type Difference, differenceOf, type FileOnBothSides } from "./read";
export { queryVerdicts } from "./store";
export { type BothTexts, textsOf } from "./texts";
