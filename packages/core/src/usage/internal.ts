/** Functions for other domains that take no actor; the import rules name those domains. */
export { modelsToday } from "./by-model";
export {
  type Reservation,
  type ReservedCall,
  reserveCall,
  type Settlement,
  settleCall,
  sweepUnsettledCalls,
} from "./ledger";
