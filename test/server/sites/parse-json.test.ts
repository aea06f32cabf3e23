// JSON as people write it: the same values as JSON.parse, faults with line and column, no key twice.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseJson } from '../../../server/sites/parse-json.js';

describe('parseJson', () => {
  it('gives what JSON.parse gives, however it is laid out', () => {
    const values = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !JSON.stringify(value).includes('"__proto__"'));

    fc.assert(
      fc.property(values, fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent).replaceAll('\n', '\r\n');
        const parsed = parseJson(`\uFEFF${text}\r\n`);

        assert.ok('value' in parsed, text);
        assert.deepEqual(parsed.value, JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses', () => {
    const mutations = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', '"', ':', '[', 'x', '\\', '\n', '1'),
    );

    fc.assert(
      fc.property(mutations, ([text, at, insert]) => {
        const broken =
          text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 1);
        if ('value' in parseJson(broken)) assert.doesNotThrow(() => JSON.parse(broken));
      }),
      { numRuns: 2000 },
    );
  });

  for (const [text, line, column, problem] of [
    ['', 1, 1, /expected a value, found the end of the file/],
    ['{\n  "a": 1,\n}', 3, 1, /a comma stands before the end/],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /expected ",", found a text/],
    ['{\n  "a": 1,\n  "a": 2\n}', 3, 3, /the key "a" is given twice/],
    ['{"\\u0061":1,"a":2}', 1, 13, /the key "a" is given twice/],
    ['{"__proto__":1}', 1, 2, /"__proto__" is not allowed/],
    ["{'a': 1}", 1, 2, /expected a key in quotes/],
    ['sites:\n  pk_1: {}', 1, 1, /expected a value, found "sites"/],
    ['{"a": tru}', 1, 7, /expected a value, found "tru"/],
    ['{"a": "unfinished}', 1, 7, /expected a value/],
    ['{} {}', 1, 4, /expected the end of the file, found "{"/],
    ['['.repeat(100_000), 1, 34, /nests deeper than 32 levels/],
    ['\0\x01\x02', 1, 1, /expected a value/],
  ] as const) {
    it(`tells line ${line}, column ${column} of ${JSON.stringify(text).slice(0, 40)}`, () => {
      const parsed = parseJson(text);

      assert.ok('problem' in parsed);
      assert.deepEqual([parsed.line, parsed.column], [line, column]);
      assert.match(parsed.problem, problem);
    });
  }

  it('never repeats a text, which might be a secret', () => {
    const parsed = parseJson('{"secret": "s3cr3t" "s3cr3t"}');

    assert.ok('problem' in parsed && !parsed.problem.includes('s3cr3t'));
  });

  it('finds the line of a path, or of what lies around it', () => {
    const parsed = parseJson(
      '{\n "sites": {\n  "pk 1": {\n   "origins": [\n    "a",\n    "b"\n   ]\n  }\n }\n}',
    );

    assert.ok('value' in parsed);
    assert.equal(parsed.lineOf('sites["pk 1"].origins[1]'), 6);
    assert.equal(parsed.lineOf('sites["pk 1"].storage.bucket'), 3);
    assert.equal(parsed.lineOf('nothing'), undefined);
  });
});
