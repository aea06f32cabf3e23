// Runs every node test (all *.test.ts but those for the browser) in Node's own runner, through tsx.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const folders = process.argv.slice(2);
const files = (folders.length > 0 ? folders : ['test']).flatMap(testsBelow);
// Many tests wait for a browser or a clock: on two cores, too, two files run at once.
const concurrency = Math.max(2, availableParallelism() - 1);
const options = ['--test-timeout=300000', `--test-concurrency=${concurrency}`, '--test-reporter=spec'];
// Node 20 expands no patterns of its own for --test.
const args = ['--import', 'tsx', '--test', ...options, ...files];
// The version of Node is the reader's choice, and no news in each of a hundred files.
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
process.exit(status ?? 1);

function testsBelow(path) {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.browser.test.ts'))
    .map((name) => join(path, name))
    .sort();
}
