const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Returns whether the Host header names this machine. Another name that resolves to 127.0.0.1 is a foreign page's way in (DNS
 * rebinding), so it is not enough that the request arrived here.
 */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && LOCAL_HOST.test(host);
}
