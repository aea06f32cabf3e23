// Allowed origins: what the configuration may say, and that only the exact raw header passes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowsOrigin, formatOriginPattern, parseOriginPattern } from '../../server/origin.js';
import type { OriginPattern } from '../../server/sites/site.js';

const development = { production: false };
const production = { production: true };

function pattern(text: string): OriginPattern {
  const parsed = parseOriginPattern(text, development);
  assert.ok('pattern' in parsed, `${text}: ${JSON.stringify(parsed)}`);
  return parsed.pattern;
}

describe('parseOriginPattern', () => {
  for (const text of [
    'https://example.com',
    'https://example.com:8443',
    'https://www.example.co.uk',
    'https://*.acme.dev',
    'https://*.acme.github.io',
    'https://*.acme.dev:8443',
    'http://localhost:*',
    'http://127.0.0.1:*',
    'http://[::1]:*',
    'http://localhost:3000',
    'https://127.0.0.1',
    'https://intranet',
  ]) {
    it(`takes ${text} as written`, () => {
      assert.equal(formatOriginPattern(pattern(text)), text);
      assert.ok(!('note' in parseOriginPattern(text, production)));
    });
  }

  for (const [text, normalised] of [
    ['https://EXAMPLE.com', 'https://example.com'],
    ['HTTPS://example.com', 'https://example.com'],
    ['https://example.com/', 'https://example.com'],
    [' https://example.com ', 'https://example.com'],
    ['https://example.com:443', 'https://example.com'],
    ['http://localhost:80', 'http://localhost'],
    ['https://exämple.com', 'https://xn--exmple-cua.com'],
    ['https://*.Exämple.com', 'https://*.xn--exmple-cua.com'],
    ['https://example。com', 'https://example.com'],
    ['https://ехample.com', 'https://xn--ample-ywe6i.com'],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${normalised} and says so`, () => {
      const parsed = parseOriginPattern(text, production);

      assert.ok('pattern' in parsed);
      assert.equal(formatOriginPattern(parsed.pattern), normalised);
      assert.match(parsed.note ?? '', /is read as/);
    });
  }

  for (const text of [
    '',
    '*',
    'null',
    'example.com',
    '*.example.com',
    'localhost:3000',
    '//example.com',
    'https://',
    'https://*',
    'https://*.com',
    'https://*.co.uk',
    'https://*.github.io',
    'https://*.github.io.',
    'https://*.com.',
    'https://*.*.acme.dev',
    'https://a.*.acme.dev',
    'https://x*.acme.dev',
    'https://*.127.0.0.1',
    'https://example.com/path',
    'https://example.com//',
    'https://example.com?x',
    'https://example.com#x',
    'https://user@example.com',
    'https://exa%6Dple.com',
    'https://.example.com',
    'https://a..example.com',
    'https://example.com:0',
    'https://example.com:70000',
    'https://example.com:*',
    'https://*.localhost:*',
    'https://*.acme.dev:*',
    'blob:https://example.com/x',
    'data:text/html,x',
    'javascript:alert(1)',
    'capacitor://*',
    'capacitor://localhost/x',
  ]) {
    it(`refuses ${JSON.stringify(text)} and says what is expected`, () => {
      const parsed = parseOriginPattern(text, development);

      assert.ok('problem' in parsed, JSON.stringify(parsed));
      assert.ok(parsed.problem.length > 20);
    });
  }

  it('refuses http beyond loopback in production only', () => {
    assert.ok('problem' in parseOriginPattern('http://example.com', production));
    const parsed = parseOriginPattern('http://example.com', development);
    assert.match('note' in parsed ? parsed.note : '', /refused in production/);
    assert.ok('pattern' in parseOriginPattern('http://127.0.0.1:8080', production));
  });

  it('takes the origins of native shells as written, with a note', () => {
    for (const text of ['capacitor://localhost', 'chrome-extension://abcdef', 'file://']) {
      const parsed = parseOriginPattern(text, production);
      assert.ok('pattern' in parsed && parsed.note !== undefined, text);
      assert.ok(allowsOrigin([parsed.pattern], text));
    }
  });
});

describe('allowsOrigin', () => {
  const site = ['https://example.com', 'https://*.acme.dev', 'http://localhost:*', 'https://exämple.com'].map(
    pattern,
  );

  for (const origin of [
    'https://example.com',
    'https://a.acme.dev',
    'https://xn--a-0fa.acme.dev',
    'https://0.acme.dev',
    'http://localhost',
    'http://localhost:3000',
    'http://localhost:65535',
    'https://xn--exmple-cua.com',
  ]) {
    it(`allows ${origin}`, () => assert.ok(allowsOrigin(site, origin)));
  }

  for (const origin of [
    '',
    'null',
    'https://example.com, https://example.com',
    'https://a.acme.dev, https://b.acme.dev',
    'https://example.com.evil.com',
    'https://evilexample.com',
    'https://example.com@evil.com',
    'https://evil.com/https://example.com',
    'https://evil.com?https://example.com',
    'https://evil.com#https://example.com',
    'https://evil.com/.acme.dev',
    'https://evil.com#.acme.dev',
    'https://evil.com:1.acme.dev',
    'http://example.com',
    'https://example.com:8443',
    'https://example.com:443',
    'https://EXAMPLE.com',
    'https://example.com.',
    'https://example.com/',
    'https://example.com ',
    '\thttps://example.com',
    'https://exämple.com',
    'https://example。com',
    'https://ехample.com',
    'https://sub.example.com',
    'https://acme.dev',
    'https://.acme.dev',
    'https://a.b.acme.dev',
    'https://xacme.dev',
    'https://-a.acme.dev',
    'https://a_b.acme.dev',
    'https://A.acme.dev',
    'https://a.acme.dev:8443',
    'http://a.acme.dev',
    'https://localhost:3000',
    'http://localhost:',
    'http://localhost:080',
    'http://localhost:80',
    'http://localhost:65536',
    'http://localhost:*',
    'http://localhost:3000@evil.com',
    'http://localhost.evil.com:3000',
    'file://',
    'chrome-extension://x',
    'capacitor://localhost',
    'blob:https://example.com/x',
    `https://${'a'.repeat(8192)}.acme.dev`,
    'https://a\r\n.acme.dev',
    'https://a\0.acme.dev',
  ]) {
    it(`refuses ${JSON.stringify(origin).slice(0, 80)}`, () => assert.ok(!allowsOrigin(site, origin)));
  }

  it('keeps a trailing dot distinct when it is configured', () => {
    const dotted = [pattern('https://example.com.')];

    assert.ok(allowsOrigin(dotted, 'https://example.com.'));
    assert.ok(!allowsOrigin(dotted, 'https://example.com'));
  });

  it('allows nothing without patterns', () => assert.ok(!allowsOrigin([], 'https://example.com')));
});
