/** The little XML that S3's requests and responses are made of: elements and text, no attributes that matter. */
import { malformedXml } from "./errors";

/** Markup that is already escaped. */
export type Markup = string & { readonly markup: unique symbol };

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

/** An element around escaped text; nothing when the text is undefined. */
export function textElement(name: string, text: string | number | boolean | undefined): Markup {
  if (text === undefined) return "" as Markup;
  return `<${name}>${String(text).replace(/[&<>"\r]/g, (char) => ENTITIES[char] ?? char)}</${name}>` as Markup;
}

/** An element around other elements. */
export function element(name: string, ...content: Markup[]): Markup {
  return `<${name}>${content.join("")}</${name}>` as Markup;
}

export function xmlDocument(name: string, ...content: Markup[]): string {
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${content.join("")}</${name}>`;
}

/** Errors have no namespace. */
export function errorDocument(code: string, message: string, requestId: string): string {
  const content = [textElement("Code", code), textElement("Message", message), textElement("RequestId", requestId)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("Error", ...content)}`;
}

export class XmlElement {
  readonly children: XmlElement[] = [];
  text = "";

  constructor(readonly name: string) {}

  all(name: string): XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }

  first(name: string): XmlElement | undefined {
    return this.children.find((child) => child.name === name);
  }

  textOf(name: string): string | undefined {
    return this.first(name)?.text;
  }
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)|</g;
const DEPTH_LIMIT = 20;

/**
 * The root element. Namespaces, comments and attributes are dropped; there are no document types, so no entities of
 * their own.
 * @throws {S3Error} MalformedXML
 */
export function parseXml(source: string): XmlElement {
  const root = new XmlElement("");
  const open = [root];
  for (const [token, closing, name, empty, text] of source.matchAll(TOKEN)) {
    const parent = open.at(-1);
    if (!parent) throw malformedXml();
    if (text !== undefined) parent.text += unescaped(text);
    else if (closing) {
      if (open.length === 1 || open.pop()?.name !== name) throw malformedXml();
    } else if (name !== undefined) {
      const child = new XmlElement(name);
      parent.children.push(child);
      if (!empty) open.push(child);
      if (open.length > DEPTH_LIMIT) throw malformedXml();
    } else if (token === "<") throw malformedXml();
  }
  const [document] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || !document) throw malformedXml();
  return document;
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w+);/g, (_, entity: string) => {
    const named = NAMED[entity];
    if (named !== undefined) return named;
    if (!entity.startsWith("#")) throw malformedXml();
    const code = entity.startsWith("#x") ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    if (code > 0x10ffff) throw malformedXml();
    return String.fromCodePoint(code);
  });
}
