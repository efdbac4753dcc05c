import { ExternalLink } from "lucide-react";
import { Children, type ReactNode } from "react";
import { type LinkTarget, linkTarget } from "./link-target";

/** A link in a message. An external one shows its host unless its text is the address; an unsafe one is plain text. */
export function MarkdownLink({
  href,
  id,
  title,
  isImage,
  children,
}: {
  href: string | undefined;
  id: string | undefined;
  title: string | undefined;
  isImage: boolean;
  children?: ReactNode;
}) {
  const target = linkTarget(href);
  if (!target) return <span id={id}>{children}</span>;
  if (target.kind === "here") {
    return (
      <a href={target.href} id={id} title={title} rel="nofollow">
        {children}
      </a>
    );
  }
  return (
    <a href={target.href} title={title} rel="noopener noreferrer nofollow" target="_blank" className="markdown-leaving">
      {isImage && <span className="markdown-host">image: </span>}
      {children}
      {!isTargetInText(plainText(children), target) && (
        <span className="markdown-host">
          {" ("}
          <bdi>{target.host}</bdi>
          {")"}
        </span>
      )}
      <ExternalLink size={12} role="img" aria-label="opens in a new tab" />
    </a>
  );
}

const isTargetInText = (text: string, { href, host }: LinkTarget & { kind: "leaving" }): boolean =>
  text === href || text === host || `http://${text}` === href || `https://${text}` === href;

const plainText = (children: ReactNode): string =>
  Children.toArray(children)
    .map((child) => (typeof child === "string" ? child : "\0"))
    .join("");
