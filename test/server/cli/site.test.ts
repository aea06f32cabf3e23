// `site show`: a site for people and machines, its receipt secret only when asked for.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCli, workingFolder } from './run-cli.js';

describe('b2-uploader site show', () => {
  it('keeps the receipt secret to itself until it is asked for', async (t) => {
    const { cwd, remove } = workingFolder();
    t.after(remove);

    const plain = await runCli(['site', 'show'], { cwd });
    const told = await runCli(['site', 'show', 'pk_local', '--secrets', '--json'], { cwd });

    const shown = JSON.parse(told.stdout) as { key: string; receiptSecrets: [string] };
    assert.deepEqual([plain.exitCode, told.exitCode, shown.key], [0, 0, 'pk_local']);
    assert.ok(shown.receiptSecrets[0].length >= 43);
    assert.equal(plain.stdout.includes(shown.receiptSecrets[0]), false);
    assert.match(plain.stdout, /pk_local/);
  });

  it('tells both receipt secrets while the signer secret rotates', async (t) => {
    const { cwd, remove } = workingFolder();
    t.after(remove);
    const [current, previous] = ['a'.repeat(40), 'b'.repeat(40)];
    const told = async (SIGNER_SECRET: string) => {
      const { stdout } = await runCli(['site', 'show', '--secrets', '--json'], {
        cwd,
        env: { SIGNER_SECRET },
      });
      return (JSON.parse(stdout) as { receiptSecrets: string[] }).receiptSecrets;
    };

    assert.deepEqual(await told(`${current}, ${previous}`), [
      ...(await told(current)),
      ...(await told(previous)),
    ]);
  });

  it('knows its own words only', async (t) => {
    const { cwd, remove } = workingFolder();
    t.after(remove);

    const codes = [];
    for (const words of [
      ['site'],
      ['site', 'remove'],
      ['site', 'show', 'a', 'b'],
      ['site', 'show', 'nobody'],
    ]) {
      codes.push((await runCli(words, { cwd })).exitCode);
    }

    assert.deepEqual(codes, [64, 64, 64, 1]);
  });
});
