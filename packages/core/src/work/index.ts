/** The kernel of background work: what is claimed under a lease, resumed, fenced, cancelled and swept. See README.md. */
export { type LeaseLost, WorkContext } from "./context";
export { defineWork } from "./define";
export { plainWorkItems, WorkItems, workAttributes } from "./items";
