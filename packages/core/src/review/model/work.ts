import { $set } from "dynamodb-toolbox/entity/actions/update";
import type { Actor } from "../../auth/schema";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import type { Session } from "../../sessions/schema";
import type { WorkContext } from "../../work/index";
import type { ModelReviewEvent } from "../schema";
import type { StoredModelReview } from "./store";

/** A review by a model that this worker holds; `tree` is that of its version. */
export type ModelWork = {
  actor: Actor;
  session: Session;
  codebase: Codebase;
  tree: TreeEntry[];
  /** The review as stored: every change to its steps is saved before it has any effect. */
  review: StoredModelReview;
  instructions: string;
  lease: WorkContext<StoredModelReview, ModelReviewEvent>;
};

/** Stores the steps as they have become. Throws LeaseLost when the review was taken from us. */
export const saveSteps = ({ lease, review }: ModelWork): Promise<void> => lease.save({ steps: $set(review.steps) });
