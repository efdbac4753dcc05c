/** The CloudFront viewer-request function, in plain JavaScript for the `cloudfront-js-2.0` runtime. */

/** `key` marks requests that came through the router; `traceSampleRate` is from 0 to 1. */
export type EdgeOptions = { key: string; traceSampleRate: number };

/**
 * Returns the code that adds the viewer's address, the router's key (function URLs refuse direct calls without it) and the
 * trace-sampling decision, made once here so that a request is traced end to end or not at all. Client-supplied values of
 * these headers and of proxy headers are removed.
 */
export const edgeFunctionCode = ({ key, traceSampleRate }: EdgeOptions): string => `
for (var redlineName in event.request.headers)
  if (/^(x-redline-|x-forwarded-|forwarded$|x-real-ip$|x-amz)/.test(redlineName)) delete event.request.headers[redlineName];
event.request.headers["x-forwarded-host"] = event.request.headers.host;
event.request.headers["x-redline-viewer"] = { value: event.viewer.ip };
event.request.headers["x-redline-edge"] = { value: "${key}" };
var redlineTrace = "Root=1-" + ("0000000" + Math.floor(Date.now() / 1000).toString(16)).slice(-8) + "-";
for (var redlineAt = 0; redlineAt < 24; redlineAt++) redlineTrace += Math.floor(Math.random() * 16).toString(16);
redlineTrace += ";Sampled=" + (Math.random() < ${traceSampleRate} ? "1" : "0");
event.request.headers["x-amzn-trace-id"] = { value: redlineTrace };`;
