// The package's engine in plain Node, without any DOM: the README's example on the embedded bucket.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { runInNewContext } from 'node:vm';
import type * as Engine from '../../widget/engine/uploader.js';
import { openFaultStage } from '../support/fault-stage.js';
import { sourceOf } from '../support/bucket-oracle.js';

const root = join(import.meta.dirname, '../..');

it('stores small and large files as the README shows', { timeout: 60_000 }, async (t) => {
  const stage = await openFaultStage({ site: { multipart: { threshold: '5MiB' } } });
  t.after(() => stage.close());
  const files = [0, 1000, 12 * 2 ** 20].map((size) => new File([randomBytes(size)], `${size}.bin`));

  const lines = await runExample({ stage, files });

  assert.match(lines.at(-1) ?? '', /^3 stored, 0 failed/);
  await stage.verify(await Promise.all(files.map(sourceOf)));
});

/** Runs the README's own text with the stage's address; gives what it prints. */
async function runExample({
  stage,
  files,
}: {
  readonly stage: Awaited<ReturnType<typeof openFaultStage>>;
  readonly files: readonly File[];
}): Promise<readonly string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const example = /<!-- headless -->\s*```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { Uploader } = (await import(join(root, 'dist/npm/engine.js'))) as typeof Engine;
  class NodeUploader extends Uploader {
    constructor() {
      super({ siteKey: stage.siteKey, signer: stage.signer.url }, { fetch: stage.network.fetch });
    }
  }
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    const console = {
      log: (...words: readonly unknown[]) => {
        lines.push(words.join(' '));
        if (/stored/.test(String(words[0]))) resolve();
      },
    };
    const script = example.replace(/^import .*$/m, '');
    runInNewContext(script, { Uploader: NodeUploader, input: { files }, console });
  });
  return lines;
}
