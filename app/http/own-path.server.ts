/** A path on this site, whatever was sent, so that a form cannot lead anyone away. */
export function ownPath(request: Request, path: FormDataEntryValue | null, fallback: string): string {
  const base = new URL(request.url).origin;
  if (typeof path !== "string" || !URL.canParse(path, base)) return fallback;
  const target = new URL(path, base);
  return target.origin === base ? `${target.pathname}${target.search}` : fallback;
}
