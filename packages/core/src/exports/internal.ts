import { portableNames } from "./portable-names";

/** Returns the number of files that have another name in a zip than here. */
export const countRenamedInZip = (paths: readonly string[]): number =>
  portableNames(paths).filter(({ path, name }) => path !== name).length;
