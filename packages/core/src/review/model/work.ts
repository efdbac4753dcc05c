import type { Actor } from "../../auth/schema";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import type { EventLogWriter } from "../../platform/event-log";
import type { Session } from "../../sessions/schema";
import type { ModelReviewEvent } from "../schema";
import type { StoredModelReview } from "./store";
import type { Watch } from "./watch";

/** A review by a model that this worker holds; `tree` is that of its version. */
export type ModelWork = {
  actor: Actor;
  session: Session;
  codebase: Codebase;
  tree: TreeEntry[];
  /** As it is stored: every change to its steps is saved before anything follows from it. */
  review: StoredModelReview;
  instructions: string;
  writer: EventLogWriter<ModelReviewEvent>;
  watch: Watch;
  /** When the function that runs it is ended, in ms since the epoch. */
  endsAt: number;
};
