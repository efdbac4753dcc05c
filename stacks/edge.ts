/** What runs at CloudFront before anything else, for each request. Plain JavaScript of its runtime, `cloudfront-js-2.0`. */

export type AtEdge = { key: string; traced: number };

/**
 * Says who the viewer is, adds what only our router knows, so that the function URLs refuse whoever calls them directly,
 * and decides whether the request is traced: here, so that all it causes is traced or nothing of it. What a client sent
 * under these names, or as a proxy would, is taken out.
 */
export const edgeCode = ({ key, traced }: AtEdge): string => `
for (var redlineName in event.request.headers)
  if (/^(x-redline-|x-forwarded-|forwarded$|x-real-ip$|x-amz)/.test(redlineName)) delete event.request.headers[redlineName];
event.request.headers["x-forwarded-host"] = event.request.headers.host;
event.request.headers["x-redline-viewer"] = { value: event.viewer.ip };
event.request.headers["x-redline-edge"] = { value: "${key}" };
var redlineTrace = "Root=1-" + ("0000000" + Math.floor(Date.now() / 1000).toString(16)).slice(-8) + "-";
for (var redlineAt = 0; redlineAt < 24; redlineAt++) redlineTrace += Math.floor(Math.random() * 16).toString(16);
redlineTrace += ";Sampled=" + (Math.random() < ${traced} ? "1" : "0");
event.request.headers["x-amzn-trace-id"] = { value: redlineTrace };`;
