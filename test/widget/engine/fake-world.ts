// The fake world with a warm engine: what it loads later is here before the first test, which so waits for no disk or loader.
import { problem } from './fake-signer.js';
import { FakeWorld, json, pick, textFile, uploadOne } from './cold-world.js';

export * from './cold-world.js';

const world = new FakeWorld();
world.answers.set('/v1/uploads', () => json(problem('internal'), 500));
await uploadOne(world);
await new Promise<void>((looked) => {
  const mayPrepare = () => (looked(), false);
  world.uploader({ autoStart: false }, { mayPrepare }).add(pick(textFile()));
});
await world.uploader().unfinished();
