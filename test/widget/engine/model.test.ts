// Any commands, any faults, any order: what must always be true of uploads, and that all of them end well once the world is well again.
import { after, before, mock, test } from 'node:test';
import * as fc from 'fast-check';
import { commands } from './model-commands.js';
import { ModelPage } from './model-page.js';

/** On a busy machine fewer runs are enough. */
const TIME_LIMIT_MS = 15_000;

before(() => mock.timers.enable({ apis: ['setTimeout'] }));
after(() => mock.timers.reset());

test('whatever happens, nothing is lost, doubled or mixed up, and everything ends', async () => {
  const scripts = fc.commands([...commands], { size: '+1', maxCommands: 40 });
  await fc.assert(
    fc.asyncProperty(scripts, fc.integer(), async (script, seed) => {
      const page = new ModelPage(seed);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: page }), script);
        await page.end();
      } finally {
        page.leave();
      }
    }),
    { numRuns: 200, interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
});
