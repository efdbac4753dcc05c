/** Messages of a browser without scripts about the page's preloads. */
export const SCRIPT_NOT_RUN = /^request failed: .*\.js csp$/;
