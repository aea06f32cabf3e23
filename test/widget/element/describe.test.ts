// Limits, names and progress in words.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeAccept, describeLimits, narrow, nounOf } from '../../../widget/element/describe.js';
import { describeSent, formatPercent, splitName, tileKind } from '../../../widget/element/describe-file.js';
import { english } from '../../../widget/element/english.js';
import type { SitePolicy } from '../../../server/protocol.js';

const language = { strings: english, locale: 'en' };

describe('describeAccept', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], ''],
    [['image/*'], 'photos'],
    [['image/*', '.pdf'], 'photos or PDF'],
    [['image/jpeg', 'image/png', 'application/pdf'], 'JPG, PNG, or PDF'],
    [['.jpg', '.jpeg'], 'JPG'],
    [['video/*', 'audio/*', 'text/*'], 'videos, audio, or text files'],
    [['application/vnd.openxmlformats-officedocument.wordprocessingml.document'], 'DOCX'],
  ];
  for (const [accept, words] of cases) {
    it(`says "${words}" for [${accept.join(' ')}]`, () =>
      assert.equal(describeAccept(accept, language), words));
  }
});

describe('describeLimits', () => {
  it('says type, size and count, first letter large', () => {
    const limits = { accept: ['image/*'], maxSizeBytes: 10_000_000, maxFiles: 10 };

    assert.equal(describeLimits(limits, true, language), 'Photos, up to 10 MB each, 10 files');
    assert.equal(describeLimits(limits, false, language), 'Photos, up to 10 MB');
  });

  it('says nothing where nothing is limited', () => assert.equal(describeLimits({}, true, language), ''));
});

describe('narrow', () => {
  it('takes the smaller limit of each', () => {
    const both = narrow({ maxSizeBytes: 9000, maxFiles: 2 }, policy([]));

    assert.equal(both.maxSizeBytes, 5000);
    assert.equal(both.maxFiles, 2);
  });

  it('keeps the tokens that pass both', () => {
    const cases: readonly (readonly [string[], string[], string[]])[] = [
      [['image/*'], ['image/*', '.pdf'], ['image/*']],
      [['image/*'], ['image/png', '.jpg'], ['image/png', '.jpg']],
      [['.png', '.zip'], ['image/*'], ['.png']],
      [[], ['.pdf'], ['.pdf']],
      [['.pdf'], [], ['.pdf']],
    ];
    for (const [own, site, both] of cases)
      assert.deepEqual(narrow({ accept: own }, policy(site)).accept, both);
  });
});

describe('nounOf', () => {
  it('calls files by what all of them are', () => {
    assert.equal(nounOf(['image/*', '.png', 'image/webp']), 'photo');
    assert.equal(nounOf(['video/mp4']), 'video');
    assert.equal(nounOf(['image/*', '.pdf']), 'file');
    assert.equal(nounOf([]), 'file');
  });
});

describe('describeSent', () => {
  it('says the unit once where both share it', () => {
    assert.equal(describeSent(1_300_000, 2_100_000, language), '1.3 of 2.1 MB');
    assert.equal(describeSent(910_000, 1_300_000, language), '910 kB of 1.3 MB');
    assert.equal(describeSent(0, 12, language), '0 of 12 bytes');
  });
});

describe('formatPercent', () => {
  it('says 100 only when everything is sent', () => {
    assert.equal(formatPercent(0.999, 'en'), '99%');
    assert.equal(formatPercent(1, 'en'), '100%');
  });
});

describe('splitName', () => {
  it('keeps short names whole and the extension of long ones in the tail', () => {
    assert.deepEqual(splitName('portrait.jpg'), ['portrait.jpg', '']);
    assert.deepEqual(splitName('Lisbon tram early morning.jpg'), ['Lisbon tram early mor', 'ning.jpg']);
    assert.deepEqual(splitName('no extension in this name'), ['no extension in this', ' name']);
  });

  it('never cuts a letter in two', () => {
    const [head, tail] = splitName('😀'.repeat(30));

    assert.doesNotThrow(() => encodeURIComponent(head) + encodeURIComponent(tail));
    assert.equal(head + tail, '😀'.repeat(30));
  });
});

describe('tileKind', () => {
  it('knows families by type, or by extension without one', () => {
    assert.equal(tileKind('a.pdf', ''), 'pdf');
    assert.equal(tileKind('a.xlsx', ''), 'sheet');
    assert.equal(tileKind('a.bin', 'video/mp4'), 'video');
    assert.equal(tileKind('a.zip', 'application/zip'), 'archive');
    assert.equal(tileKind('a.xyz', ''), 'other');
  });
});

function policy(accept: readonly string[]): SitePolicy {
  const rest = { minSizeBytes: null, maxSizeBytes: 5000, maxTotalSizeBytes: null, maxFiles: 3 };
  return { accept, ...rest } as unknown as SitePolicy;
}
