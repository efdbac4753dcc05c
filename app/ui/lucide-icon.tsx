import type { SVGProps } from "react";

/** An icon as lucide describes it: elements with their attributes, drawn on a square of `size`. */
type IconData = { size?: number; node: readonly (readonly [tag: string, attributes: Attributes])[] };
type Attributes = Readonly<Record<string, string>>;
type IconProps = SVGProps<SVGSVGElement> & { size?: number };

/**
 * Replaces lucide's `createLucideIcon` in builds (vite.config.ts): lucide creates each icon element by element on every
 * render, a tenth of a page's render time. Here an icon is one prebuilt string, styled in base.css. It looks the same.
 */
export default function createLucideIcon({ size: square = 24, node }: IconData) {
  const drawing = { __html: node.map(elementHtml).join("") };
  const viewBox = `0 0 ${square} ${square}`;
  return function LucideIcon({ size = square, className, ...rest }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox={viewBox}
        className={className ? `lucide ${className}` : "lucide"}
        aria-hidden="true"
        {...rest}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: lucide's own drawing, nothing that anyone wrote here
        dangerouslySetInnerHTML={drawing}
      />
    );
  };
}

/** `key` is React's, not the drawing's. */
function elementHtml([tag, { key: _key, ...attributes }]: readonly [string, Attributes]): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${written.join("")}></${tag}>`;
}
