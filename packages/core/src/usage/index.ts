/** The ledger's face: every model call is reserved before and settled after, within what a day may have. */
export { modelsToday } from "./by-model";
export {
  type Reservation,
  type ReservedCall,
  reserveCall,
  type Settlement,
  settleCall,
  sweepUnsettledCalls,
} from "./ledger";
export { exportCalls, getQuota, listCalls, listDays } from "./reports";
