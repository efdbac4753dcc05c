/** The code of the difference view, loaded as one chunk. */
export { DifferenceBar } from "./difference-bar";
export { DifferenceColumn } from "./difference-column";
export { FileTree } from "./file-tree";
