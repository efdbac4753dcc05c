/** Steps on the tree of a message, between reading markdown and drawing it. */

/** The subset of a hast node used here. */
type Node = {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
};

/** Converts raw HTML to text: code in prose (`List<String>`) often looks like HTML and must not be lost. */
export const htmlAsText = () => (tree: Node) =>
  eachParent(tree, false, (parent) => {
    const isInText = parent.children?.some((child) => child.type === "text" && child.value?.trim() !== "");
    parent.children = parent.children?.map((child): Node => {
      if (child.type !== "raw") return child;
      const text: Node = { type: "text", value: child.value ?? "" };
      const isBlock = BLOCK_CONTAINERS.has(parent.tagName ?? "") && !isInText;
      return isBlock ? { type: "element", tagName: "p", properties: {}, children: [text] } : text;
    });
  });

/** Elements, and the root, that contain paragraphs. */
const BLOCK_CONTAINERS = new Set(["", "blockquote", "li"]);

/** Replaces images by links to them, so that no remote content is loaded; by their text inside a link. */
export const imagesAsLinks = () => (tree: Node) => eachParent(tree, false, replaceImages);

function replaceImages(parent: Node, isInLink: boolean): void {
  parent.children = parent.children?.map((child): Node => {
    if (child.tagName !== "img") return child;
    const { src, alt, title } = child.properties ?? {};
    const text: Node = { type: "text", value: typeof alt === "string" && alt !== "" ? alt : "image" };
    if (isInLink || typeof src !== "string") return text;
    const properties = { href: src, title, className: ["markdown-image"] };
    return { type: "element", tagName: "a", properties, children: [text] };
  });
}

/** Renders an address at the end of a streaming text as text, as it may be incomplete. */
export const unfinishedLinksAsText = () => (tree: Node, file: { value?: unknown }) => {
  const source = String(file.value ?? "");
  const end = source.trimEnd().length;
  eachParent(tree, false, (parent) => {
    parent.children = parent.children?.flatMap((child) => {
      const { start, end: last } = child.position ?? {};
      const isAtEnd = child.tagName === "a" && last?.offset !== undefined && last.offset >= end;
      const isMarked = /^[[<]/.test(source.slice(start?.offset ?? 0));
      return isAtEnd && !isMarked ? (child.children ?? []) : [child];
    });
  });
};

function eachParent(node: Node, isInLink: boolean, act: (parent: Node, isInLink: boolean) => void): void {
  const isLink = isInLink || node.tagName === "a";
  act(node, isLink);
  for (const child of node.children ?? []) if (child.children) eachParent(child, isLink, act);
}
