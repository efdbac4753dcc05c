/** The version of the package, which the build puts in place. */
declare const __REDLINE_VERSION__: string | undefined;

export const VERSION = typeof __REDLINE_VERSION__ === "string" ? __REDLINE_VERSION__ : "0.0.0-source";
