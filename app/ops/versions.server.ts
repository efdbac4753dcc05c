import { version } from "../../package.json";

/** The commit that this was built from; "unknown" where it was built outside of a repository, or not at all. */
export const commit: string = import.meta.env.REDLINE_COMMIT ?? "unknown";

/** Returns the versions of this process. */
export const versions = () => ({ redline: version, commit, node: process.versions.node });
