import type { Faults } from "../faults";
import type { Store } from "../store";
import type { RecentHistory } from "./history";
import type { ItemLocks } from "./locks";
import type { StreamLog } from "./streams";
import type { Tables } from "./tables";

/** The dependencies of every operation. */
export interface Context {
  store: Store;
  tables: Tables;
  locks: ItemLocks;
  streams: StreamLog;
  history: RecentHistory;
  faults: Faults;
}
