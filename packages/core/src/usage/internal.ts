/** What other domains need of this one without an actor; the import rules say which may. */
export { modelsToday } from "./by-model";
export {
  type Reservation,
  type ReservedCall,
  reserveCall,
  type Settlement,
  settleCall,
  sweepUnsettledCalls,
} from "./ledger";
