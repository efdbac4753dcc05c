/** What the domains of codebases and of their owners need; it takes no actor. */
export { defineOwner, ownerKind } from "./owners";
