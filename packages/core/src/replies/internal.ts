/** Operations for other domains that take no actor; the import rules say which domains may use them. */
export { replyWork } from "./work";
