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

/** HTML is shown as it was written: code in prose (`List<String>`) often looks like it, and must not be lost. */
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

/** Elements, and the root, whose children are paragraphs. */
const BLOCK_CONTAINERS = new Set(["", "blockquote", "li"]);

/** Nothing is loaded from elsewhere: an image is a link to it, named by its text; in a link it is its text. */
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

/** An address that the text so far ends with may not be whole: until something follows it is text. */
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
