/** Operations for the domains of codebases and of their owners; they take no actor. */
export { defineOwner, type OwnerKind, ownerKind } from "./owners";
