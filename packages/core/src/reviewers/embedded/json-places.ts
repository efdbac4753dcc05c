/** A JSON text's values with their places in it, read with the grammar that colours it. */
import type { SyntaxNode } from "@lezer/common";
import { namedParser } from "../grammars";
import { childrenOf } from "../languages/syntax-rules";

export type JsonNode = {
  start: number;
  end: number;
  /** A string, or undefined. */
  value: string | undefined;
  /** An array's values. */
  items: JsonNode[] | undefined;
  get(key: string): JsonNode | undefined;
};

/** Returns the value of a text, or undefined for one that is no JSON. */
export async function parseJson(text: string): Promise<JsonNode | undefined> {
  const parser = await namedParser("JSON");
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const root = parser?.parse(text).topNode.firstChild;
  return root ? nodeOf(root, text) : undefined;
}

function nodeOf(node: SyntaxNode, text: string): JsonNode {
  const isString = node.name === "String";
  return {
    start: node.from,
    end: node.to,
    value: isString ? (JSON.parse(text.slice(node.from, node.to)) as string) : undefined,
    items: node.name === "Array" ? valuesOf(node).map((child) => nodeOf(child, text)) : undefined,
    get(key) {
      for (const property of node.getChildren("Property")) {
        const name = property.firstChild;
        if (name && text.slice(name.from + 1, name.to - 1) === key && property.lastChild) {
          return nodeOf(property.lastChild, text);
        }
      }
      return undefined;
    },
  };
}

const valuesOf = (array: SyntaxNode): SyntaxNode[] => childrenOf(array).filter(({ name }) => /^[A-Z]/.test(name));
