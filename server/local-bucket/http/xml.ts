// XML as S3 speaks it: a few builders for answers, a strict bounded reader for requests.
import { XMLParser } from 'fast-xml-parser';
import { S3Error } from '../s3-error.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

// Entities are decoded below, so that numeric ones work and none can be defined; names, numbers and spaces stay as sent.
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
});

/** `<name>escaped text</name>`, or nothing for an undefined value. */
export function text(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escape(String(value))}</${name}>`;
}

/** `<name>children</name>`; the children are XML already. */
export function group(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A whole answer. */
export function xmlDocument(root: string, children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${children.join('')}</${root}>`;
}

/** An error answer has no namespace. */
export function errorDocument(children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${group('Error', children)}`;
}

/** An element of a request; every accessor refuses what the schema does not allow. */
export class XmlNode {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  children(name: string): readonly XmlNode[] {
    const value = this.#field(name);
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((each) => new XmlNode(each));
  }

  child(name: string): XmlNode | undefined {
    const all = this.children(name);
    if (all.length > 1) throw new S3Error('MalformedXML');
    return all[0];
  }

  /** Text of a child, decoded. */
  text(name: string): string | undefined {
    return this.child(name)?.ownText();
  }

  texts(name: string): readonly string[] {
    return this.children(name).map((node) => node.ownText());
  }

  has(name: string): boolean {
    return this.#field(name) !== undefined;
  }

  ownText(): string {
    if (typeof this.#value !== 'string') throw new S3Error('MalformedXML');
    return decodeEntities(this.#value);
  }

  /** A whole number of at least `least`. */
  integer(name: string, least: number): number | undefined {
    const value = this.text(name)?.trim();
    if (value === undefined) return undefined;
    if (!/^\d{1,10}$/.test(value) || Number(value) < least) throw new S3Error('MalformedXML');
    return Number(value);
  }

  #field(name: string): unknown {
    const fields = this.#value;
    if (typeof fields !== 'object' || fields === null) return undefined;
    return Object.getOwnPropertyDescriptor(fields, name)?.value;
  }
}

/** Reads a request body whose root element must be `root`. */
export function parseXml(body: Buffer, root: string): XmlNode {
  if (body.length === 0) throw new S3Error('MissingRequestBodyError');
  const source = decodeUtf8(body);
  // No S3 request needs a document type; with it go entities, and their bombs.
  if (source.includes('<!DOCTYPE')) throw new S3Error('MalformedXML');
  const node = new XmlNode(parseStrictly(source)).child(root);
  if (!node) throw new S3Error('MalformedXML');
  return node;
}

function parseStrictly(source: string): unknown {
  try {
    return parser.parse(source, true);
  } catch {
    throw new S3Error('MalformedXML');
  }
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new S3Error('MalformedXML');
  }
}

// Control characters are not allowed in XML 1.0 even as references; S3 writes them so all the same, and offers encoding-type=url.
function escape(value: string): string {
  return value.replace(/[&<>"\p{Cc}]/gu, (char) => NAMED[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(source: string): string {
  return source.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (code > 0x10ffff) throw new S3Error('MalformedXML');
    return String.fromCodePoint(code);
  });
}
