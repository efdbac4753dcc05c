/** Requests of HTTP's in any shape, as bytes, with the statuses that are right for what is wrong with them. */
import type { Draw } from "./random";

/** A part of a request, and how it is refused: without statuses there is nothing wrong with it. */
type Part = readonly [text: string, ...statuses: number[]];

export interface RawRequest {
  bytes: Buffer;
  /** The problem, for people. */
  label: string;
  /** Empty where nothing is: then anything but a failure of ours is right. */
  statuses: number[];
  /** True when the client disconnects before all of it is sent, and so may get no response. */
  isBrokenOff: boolean;
}

export interface Target {
  /** The Host that the server is called by. */
  host: string;
  /** The cookie of a signed-in user, where there is one. */
  cookie?: string;
}

const X = (count: number) => "x".repeat(count);

const METHODS: Part[] = [
  ["GET"],
  ["HEAD"],
  ["POST"],
  ["PUT", 405],
  ["DELETE", 405],
  ["OPTIONS", 405],
  ["TRACE", 405],
  ["PROPFIND", 405],
  ["M-SEARCH", 405],
  // Node's parser knows neither; where the line comes in pieces, only that it is malformed can be said.
  ["FOO", 400, 405],
  ["get", 400, 405],
  ["CONNECT", 400, 405],
  [X(3_000), 400, 405, 414, 431],
  ["", 400],
  ["G\0T", 400],
  ["G(T", 400],
];

const targets = ({ host }: Target): Part[] => [
  ...(
    ["/", "/rules", "/sessions", "/settings/usage?from=x&to=%ff", "/sessions.data", "/rules?q=%00&page=1e999"] as const
  ).map((path): Part => [path]),
  [`http://${host}/rules`],
  [`HTTP://${host}`],
  ["/rules#part"],
  ["/../../rules"],
  ["/nothing", 404],
  ["//evil.example/x", 404],
  ["/..%2f..%2fetc/passwd", 404],
  ["/assets/nothing.js", 404],
  ["/sessions/__proto__", 400, 404],
  ["/sessions/%00", 400, 404],
  // Neither takes the other's methods.
  ["/logs/nothing", 400, 404, 405],
  ["/theme", 400, 405],
  ["/sessions/new?_data=routes", 400],
  ["http://evil.example/", 403],
  ["http://localhost:99999/", 400],
  [`https://${host}/`, 400],
  ["ftp://localhost/", 400],
  ["http:///x", 400],
  ["*", 400],
  ["localhost:80", 400],
  ["rules", 400],
  ["/%", 400],
  ["/%ff", 400],
  ["/\u00fc", 400],
  ["/a b", 400],
  ["/\0", 400],
  ["", 400],
  // In pieces, nothing tells a long address from long headers.
  [`/${X(9_000)}`, 414, 431],
  [`/?${X(40_000)}`, 414, 431],
];

const VERSIONS: Part[] = [
  ["HTTP/1.1"],
  ["HTTP/1.0"],
  ["HTTP/2.0", 400],
  ["HTTP/0.9", 400],
  ["HTTP/1.1x", 400],
  ["HTCPCP/1.0", 400],
];

const hosts = ({ host }: Target): Part[] => [
  [`Host: ${host}`],
  [`host: ${host.toUpperCase()}`],
  ["Host: 127.0.0.1"],
  ["", 400, 403],
  [`Host: ${host}\r\nHost: ${host}`, 400],
  ["Host: localhost:99999", 400],
  ["Host: evil.example", 403],
  [`Host: ${host}@evil.example`, 403],
  ["Host: localhost:", 400, 403],
  ["Host:", 400, 403],
  ["Host: [::1", 403],
  ["Host: localhost /", 400, 403],
  ["Host: \u00fc", 400, 403],
];

const HEADERS: Part[] = [
  ["Accept: */*"],
  ["Accept: text/html"],
  ["Accept-Encoding: gzip;q=x, br;;, ,"],
  ["Cookie: theme=%ff; flash=e30=; session=x; session; =; __Host-session=."],
  [`Cookie: flash=${X(8_000)}`],
  ["X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https"],
  ["x-redline-user: usr_local"],
  ["Connection: Upgrade\r\nUpgrade: websocket"],
  ["Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"],
  ["Connection: close"],
  ["Range: bytes=0-"],
  ["If-None-Match: *\r\nIf-Modified-Since: never"],
  ["Last-Event-ID: -1"],
  ["Content-Type: \u00fc"],
  ["Expect: miracles", 417],
  ["A header without a colon", 400],
  ["Na me: value", 400],
  [": nameless", 400],
  ["Nul: a\0b", 400],
  ["Transfer-Encoding: nonsense", 400],
  ["Content-Length: many", 400],
  ["Content-Length: -1", 400],
  ["Content-Length: 1\r\nContent-Length: 2", 400],
  ["Transfer-Encoding: chunked\r\nContent-Length: 5", 400],
  [`Large: ${X(20_000)}`, 431],
  [Array.from({ length: 3_000 }, (_, at) => `h${at}: x`).join("\r\n"), 431],
];

const json = (text: string) =>
  `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
/** Bodies of a POST with the headers that describe them; no action accepts any of them. */
const BODIES: Part[] = [
  ["\r\n"],
  [json("null")],
  [json("{}")],
  [json('{"__proto__":{}}')],
  [json("[[[[")],
  [json(X(70_000))],
  ["Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=%ff&b"],
  ["Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\n--x"],
  ["Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n\r\n--x--"],
  ["Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"],
  ["Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n\r\n2;ext=1\r\n{}\r\n0\r\nTrailer: x\r\n\r\n"],
  ["Content-Length: 99999999999\r\n\r\n", 413],
  ["Content-Length: 100000000\r\n\r\nx", 413],
  ["Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", 400],
  ["Transfer-Encoding: chunked\r\n\r\n2\r\n{}garbage\r\n0\r\n\r\n", 400],
];

const POSTED = [
  "/theme",
  "/sessions/new",
  "/sessions",
  "/uploads",
  "/auth/sign-in",
  "/auth/sign-in.data",
  "/ops",
  "/settings/model.data",
];
/** Of two large cookies, which one alone would not be too much. */
const LARGEST_HEAD = 16_000;
const ANY = [200, 302, 304, 400, 401, 403, 404];
/** The statuses for a request that is not an action's, at any address. */
const NO_ACTS = [400, 404, 415, 422];
/** The statuses without the right secret: repeated attempts are delayed. */
const NO_SECRET = [401, 429];

/** A target that names the server itself counts, and one Host beside it says nothing. */
function named([path]: Part, [host, ...statuses]: Part): Part {
  return statuses.length > 0 && /^http:\/\//i.test(path) ? [host, ...statuses, ...ANY] : [host, ...statuses];
}

function posted(draw: Draw): Part {
  const path = draw.one(POSTED);
  return [path, ...NO_ACTS, ...(path.startsWith("/auth/sign-in") ? NO_SECRET : [])];
}

/** Mostly one or two things are wrong, now and then all of them. */
export function drawRequest(draw: Draw, target: Target): RawRequest {
  const wrongness = draw.one([0, 0.1, 0.2, 0.8]);
  const pick = (parts: readonly Part[]): Part => {
    const isWrong = draw() < wrongness;
    const fitting = parts.filter((part) => part.length > 1 === isWrong);
    return draw.one(fitting.length > 0 ? fitting : parts);
  };
  const method = pick(METHODS);
  const isPost = method[0] === "POST";
  const path: Part = isPost && draw() < 0.7 ? posted(draw) : pick(targets(target));
  const version = pick(VERSIONS);
  const host = named(path, pick(hosts(target)));
  const headers = Array.from({ length: draw.below(4) }, () => pick(HEADERS)).map(
    ([text, ...each]): Part =>
      // HTTP/1.0 has no expectations, so that one is passed over.
      text.startsWith("Expect") && version[0] === "HTTP/1.0" ? [text, ...each, ...ANY] : [text, ...each],
  );
  const origin: Part = !isPost || draw() < 0.8 ? [`Origin: http://${target.host}`] : ["Origin: null", 403];
  const body = isPost ? pick(BODIES) : (["\r\n"] as const);
  // An action that is sent to a page without one.
  const act: Part = isPost && path.length === 1 ? ["", 403, 405, ...NO_ACTS] : [""];
  const cookie = target.cookie && draw() < 0.5 ? [`Cookie: ${target.cookie}`] : [];
  const head = [
    `${method[0]} ${path[0]} ${version[0]}`,
    host[0],
    origin[0],
    ...cookie,
    ...headers.map(([text]) => text),
  ];
  const text = `${head.filter(Boolean).join("\r\n")}\r\n${body[0]}${body[0].endsWith("\r\n") || isPost ? "" : "\r\n"}`;
  const parts: Part[] = [method, path, version, host, ...headers, origin, body, act];
  // Another Host than the one that the page of the Origin was loaded from.
  const isChange = ["POST", "PUT", "DELETE"].includes(method[0]);
  const isOtherOrigin = isChange && host.length === 1 && host[0].toLowerCase() !== `host: ${target.host.toLowerCase()}`;
  const isUnbounded = body[0].startsWith("Transfer-Encoding") && headers.some(([each]) => each.includes("Upgrade:"));
  const isLong = head.join("").length > LARGEST_HEAD;
  const statuses = [
    ...new Set([
      ...parts.flatMap(([, ...each]) => each),
      ...(isOtherOrigin ? [403] : []),
      // Without a part that is wrong by itself: what follows an Upgrade has to say its length.
      ...(isUnbounded ? [...(parts.some(([, ...each]) => each.length > 0) ? [] : ANY), 400] : []),
      ...(isLong ? [...(parts.some(([, ...each]) => each.length > 0) ? [] : ANY), 431] : []),
    ]),
  ];
  const isBrokenOff = draw() < 0.02;
  const bytes = Buffer.from(text, "latin1");
  return {
    bytes: isBrokenOff ? bytes.subarray(0, draw.below(bytes.length)) : bytes,
    label: parts.flatMap(([part, ...each]) => (each.length > 0 ? [JSON.stringify(part.slice(0, 60))] : [])).join(", "),
    statuses,
    isBrokenOff,
  };
}
