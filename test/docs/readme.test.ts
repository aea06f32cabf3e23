// The README's tables against the code: what it names exists, and what exists is named.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Named {
  readonly name?: string;
}
interface Declaration extends Named {
  readonly tagName?: string;
  readonly attributes: readonly Named[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
  readonly cssStates: readonly Named[];
}

/** The element as the generated manifest describes it. */
function element(): Declaration {
  const manifest = JSON.parse(readFileSync(join(root, 'dist/custom-elements.json'), 'utf8')) as {
    modules: { declarations?: Declaration[] }[];
  };
  const found = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === 'b2-uploader');
  assert.ok(found, 'npm run build writes dist/custom-elements.json');
  return found;
}

/** Rows of the table below a marker, as lists of what stands in backticks in a column. */
function column(marker: string, index: number): string[] {
  const table = readme.split(`<!-- ${marker} -->`)[1]?.split('\n\n')[0] ?? '';
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return rows.flatMap((row) =>
    [...(row.split(' | ')[index] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  );
}

const names = (list: readonly Named[]) => list.map(({ name = '' }) => name).sort();

describe('the README', () => {
  it('lists every attribute and no other', () => {
    assert.deepEqual(column('attributes', 0).sort(), names(element().attributes));
  });

  it('lists every event and no other', () => {
    assert.deepEqual(column('events', 0).sort(), names(element().events));
  });

  it('lists every part, custom property, state and slot', () => {
    const { cssParts, cssProperties, cssStates, slots } = element();
    const known = [
      ...names(cssParts),
      ...names(cssProperties),
      ...names(cssStates).map((state) => `:state(${state.replace(/^:state\(|\)$/g, '')})`),
      ...names(slots).filter(Boolean),
    ];

    const listed = column('styling', 1).filter((name) => !name.startsWith('<'));

    assert.deepEqual(listed.sort(), known.sort());
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };

    for (const [, script = ''] of readme.matchAll(/npm run ([\w:]+)/g)) assert.ok(scripts[script], script);
  });

  it('names environment variables that the settings read', () => {
    const sources = ['listening', 'environment', 'article-site'].map((name) =>
      readFileSync(join(root, `server/sites/${name}.ts`), 'utf8'),
    );

    for (const name of column('environment', 0))
      assert.ok(
        sources.some((source) => source.includes(name)),
        name,
      );
  });

  it('names fields of sites.json that the schema knows', () => {
    const schema = readFileSync(join(root, 'dist/server/sites.schema.json'), 'utf8');

    for (const name of column('sites', 0)) assert.ok(schema.includes(`"${name}"`), name);
  });
});
