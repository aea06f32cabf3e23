// The published JSON Schema: says what the signer's own check says about the shape.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sitesJsonSchema } from '../../../server/sites/json-schema.js';
import { acme, KEY } from './acme.js';

type Schema = Readonly<Record<string, unknown>>;

it('accepts the example of the contract and knows every field of it', () => {
  assert.deepEqual(
    faults(sitesJsonSchema(), { $schema: './sites.schema.json', sites: { [KEY]: acme() } }),
    [],
  );
});

it('refuses unknown fields, missing fields and other types', () => {
  const { storage: _, ...rest } = acme();
  const broken = { sites: { [KEY]: { ...rest, maxFiles: '20', allowedOrigin: [] } } };

  assert.deepEqual(faults(sitesJsonSchema(), broken), [
    `.sites.${KEY}.allowedOrigin`,
    `.sites.${KEY}.maxFiles`,
    `.sites.${KEY}.storage`,
  ]);
});

it('is plain JSON with a title', () => {
  const schema = sitesJsonSchema();

  assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
  assert.equal(typeof schema['title'], 'string');
});

/** Enough of JSON Schema for this file: type, properties, required, additionalProperties, items, anyOf, enum, not. */
function faults(schema: Schema, value: unknown, path = ''): readonly string[] {
  const options = schema['anyOf'];
  if (Array.isArray(options)) {
    return options.some((option) => faults(option as Schema, value).length === 0) ? [] : [path];
  }
  if (schema['not'] !== undefined) return [path];
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(value) ? [] : [path];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => faults(schema['items'] as Schema, item, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) {
    const type = schema['type'] === 'integer' ? 'number' : schema['type'];
    return type === typeof value ? [] : [path];
  }
  return objectFaults(schema, value, path);
}

function objectFaults(schema: Schema, value: object, path: string): readonly string[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const rest = (schema['additionalProperties'] ?? {}) as Schema;
  const missing = ((schema['required'] ?? []) as readonly string[]).filter((name) => !(name in value));
  const inner = Object.entries(value).flatMap(([name, item]) =>
    faults(properties[name] ?? rest, item, `${path}.${name}`),
  );
  return [...inner, ...missing.map((name) => `${path}.${name}`)].sort();
}
