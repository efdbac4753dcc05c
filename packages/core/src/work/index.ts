/** The kernel of background work: what is claimed under a lease, resumed, fenced, cancelled and swept. See README.md. */
export { workAttributes } from "./attributes";
export { type LeaseLost, WorkContext } from "./context";
export { defineWork } from "./define";
export { WorkItems, type WorkKey } from "./items";
export { plainWorkItems } from "./plain";
