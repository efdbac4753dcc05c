/** A link's permitted target; `host` is the label shown for an external one. */
export type LinkTarget = { kind: "leaving"; href: string; host: string } | { kind: "here"; href: string };

/**
 * Returns the target of a web or mail address, a path of this site or an anchor; undefined for anything else. The
 * address must begin with its scheme exactly, so that nothing a browser strips can hide another one.
 */
export function linkTarget(href: string | undefined): LinkTarget | undefined {
  if (href === undefined) return undefined;
  if (/^#[\w%:.-]*$/.test(href)) return { kind: "here", href };
  // "//" and "/\" lead to another host.
  if (/^\/(?![/\\])[\x21-\x7e]*$/.test(href) || href === "/") return { kind: "here", href };
  if (!/^(?:https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) return undefined;
  const url = new URL(href);
  if (url.protocol === "mailto:") return { kind: "leaving", href, host: decoded(url.pathname) };
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  return { kind: "leaving", href, host: url.host };
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
