// The command line: help, usage errors, configuration problems; one line each, no stack, the right exit code.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { acme, KEY, SECRETS } from '../sites/acme.js';
import { main } from '../../../server/cli/main.js';
import { runCli, workingFolder, type Outcome } from './run-cli.js';

const { cwd, remove } = workingFolder();
after(remove);

/** The command line in this process: as fast as a function. */
async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const exitCode = await main(words, {
    env,
    print: (line) => void (printed.stdout += `${line}\n`),
    warn: (line) => void (printed.stderr += `${line}\n`),
    stopped: Promise.resolve(),
  });
  return { exitCode, ...printed };
}

const SIGNER_SECRET = 'signer-secret-0123456789abcdef0123456789';
const HOLDS = { ...SECRETS, SIGNER_SECRET, SITES_JSON: JSON.stringify({ sites: { [KEY]: acme() } }) };

describe('the command line', { concurrency: 2 }, () => {
  for (const [words, output] of [
    [['--help'], /Commands:\n {2}start +Starts the signing service/],
    [['help'], /Commands:/],
    [['start', '--help'], /Usage: b2-uploader start/],
    [['bucket', '--nonsense', '--help'], /--profile s3\|b2/],
    [['check-config', '-h'], /Usage: b2-uploader check-config/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ] as const) {
    it(`answers ${words.join(' ')} on stdout`, async () => {
      const { exitCode, stdout, stderr } = await run(words);

      assert.deepEqual([exitCode, stderr], [0, '']);
      assert.match(stdout, output);
    });
  }

  for (const [words, output] of [
    [[], /Usage: b2-uploader <command>/],
    [['strat'], /unknown command "strat"; did you mean "start"\?/],
    [['start', '--jsn'], /unknown option --jsn; did you mean --json\?/],
    [['start', 'here'], /unexpected word "here"/],
    [['start', '--json=yes'], /--json takes no value/],
    [['start', '--json', '--json'], /--json is given twice/],
    [['bucket', '--port'], /--port needs a value: --port PORT/],
    [['bucket', '--port', '--json'], /--port needs a value/],
    [['bucket', '--port', '70000'], /--port is "70000"; expected 0 to 65535/],
    [['bucket', '--profile', 'r2'], /--profile is "r2"; expected s3 or b2/],
  ] as const) {
    it(`refuses "${words.join(' ')}" with exit code 64`, async () => {
      const { exitCode, stdout, stderr } = await run(words);

      assert.deepEqual([exitCode, stdout], [64, '']);
      assert.match(stderr, output);
      assert.doesNotMatch(stderr, /^ +at /m);
    });
  }

  it('says that a configuration holds', async () => {
    const { exitCode, stdout, stderr } = await run(['check-config'], HOLDS);

    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      new RegExp(`^The configuration holds: 1 site.\n {2}${KEY} {2}acme-uploads/uploads/`),
    );
    assert.match(stderr, /^Warning: .*webhook: is configured, but this version does not act on it yet$/m);
  });

  it('reports every problem, one line each, and starts nothing', async () => {
    const site = { ...acme(), origins: ['*'], maxsize: '1MB', receiptSecret: { env: 'UNSET' } };
    const env = { ...HOLDS, PORT: 'abc', SITES_JSON: JSON.stringify({ sites: { [KEY]: site } }) };

    for (const command of ['check-config', 'start']) {
      const { exitCode, stdout, stderr } = await run([command], env);

      assert.deepEqual([exitCode, stdout], [78, '']);
      const problems = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: '));
      assert.equal(problems.length, 4, stderr);
      assert.match(
        stderr,
        new RegExp(`^SITES_JSON:1 sites.${KEY}.origins\\[0\\]: "\\*" would allow every website`, 'm'),
      );
      assert.doesNotMatch(stderr, /^ +at |0123456789/m);
    }
  });

  it('reports for machines on one line', async () => {
    const good = await run(['check-config', '--json'], HOLDS);
    const bad = await run(['check-config', '--json'], { ...HOLDS, SIGNER_SECRET: 'x' });

    assert.deepEqual([good.exitCode, bad.exitCode], [0, 78]);
    assert.equal(good.stdout.split('\n').length, 2);
    const { ok, source, sites } = JSON.parse(good.stdout);
    assert.deepEqual([ok, source, sites], [true, 'sites-json', [KEY]]);
    assert.equal(JSON.parse(bad.stdout).problems[0].path, 'SIGNER_SECRET');
  });

  for (const [name, write, message] of [
    ['a missing file', () => undefined, /^SITES_FILE: ".*" does not exist/],
    ['a folder', (path: string) => mkdirSync(path), /^SITES_FILE: ".*" is a folder/],
    ['an empty file', (path: string) => writeFileSync(path, ''), /^SITES_FILE: ".*" is empty/],
    ['a binary file', (path: string) => writeFileSync(path, Buffer.from([0xff, 0xd8])), /is not UTF-8 text/],
    ['a fault', (path: string) => writeFileSync(path, '{\n\t"sites": {},\n}'), /sites.json:3:1: is not JSON/],
    ['YAML', (path: string) => writeFileSync(path, 'sites:\n  pk_1:\n'), /sites.json:1:1: is not JSON/],
  ] as const) {
    it(`says what is wrong with ${name}`, async () => {
      const folder = workingFolder();
      const path = join(folder.cwd, 'sites.json');
      write(path);

      const { exitCode, stdout, stderr } = await run(['start'], { SITES_FILE: path, SIGNER_SECRET });

      assert.deepEqual([exitCode, stdout], [78, '']);
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1);
      folder.remove();
    });
  }

  it('exits as it says', async () => {
    const good = await runCli(['--version'], { cwd });
    const bad = await runCli(['strat'], { cwd });

    assert.deepEqual([good.exitCode, good.stderr, bad.exitCode, bad.stdout], [0, '', 64, '']);
    assert.match(good.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(bad.stderr, /unknown command/);
  });

  it('says that the data folder is in the way', async () => {
    const folder = workingFolder();
    writeFileSync(join(folder.cwd, 'data'), '');

    const { exitCode, stdout, stderr } = await runCli(['start'], { cwd: folder.cwd, env: { PORT: '0' } });

    assert.deepEqual([exitCode, stdout], [78, '']);
    assert.match(stderr, /data is in the way/);
    folder.remove();
  });
});
