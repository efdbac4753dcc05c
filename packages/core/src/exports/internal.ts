import { portableNames } from "./portable-names";

/** How many of these files have another name in a zip than here. */
export const countRenamedInZip = (paths: readonly string[]): number =>
  portableNames(paths).filter(({ path, name }) => path !== name).length;
