/** What other domains need of this one without an actor; the import rules say which may. */
export { replyWork } from "./work";
