/** Operations for the domains of codebases and of their owners; they take no actor. */
export { defineOwner, ownerKind } from "./owners";
