/** What a browser that runs no scripts says of the preloads that the page names for those that do. */
export const SCRIPT_NOT_RUN = /^request failed: .*\.js csp$/;
