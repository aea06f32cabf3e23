// When the code that draws files does not arrive: pauses that grow, a button to try again, and never a loop.
import { expect, waitUntil } from '@open-wc/testing';
import { LazyFilesView } from '../../../widget/element/lazy-files-view.js';
import { control, file, parts, rowTexts, Stage } from './stage.js';

// Shorter than any pause, so that the test's own timers are told apart.
const SOON = { timeout: 900 };

describe('code that does not arrive', () => {
  const { loadCode } = LazyFilesView;
  const wait = window.setTimeout.bind(window);
  const { error } = console;
  const pauses: number[] = [];

  before(() => {
    console.error = () => undefined;
    window.setTimeout = Object.assign((act: () => void, ms = 0) => {
      if (ms >= 1000) pauses.push(ms);
      return wait(act, ms);
    }, window.setTimeout);
  });
  after(() => {
    LazyFilesView.loadCode = loadCode;
    window.setTimeout = wait;
    console.error = error;
  });

  it('is asked for again in growing pauses, at a press and when the network is back', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    let tries = 0;
    LazyFilesView.loadCode = () => {
      tries += 1;
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    pauses.length = 0;

    element.add([file('a.png')]);
    for (let count = 0; count < 20; count += 1) {
      element.requestUpdate();
      await element.updateComplete;
    }
    expect(tries).to.equal(1);
    expect(parts(element, 'message').at(-1)!.textContent).to.equal('Something went wrong. Try again.');

    window.dispatchEvent(new Event('online'));
    await waitUntil(() => pauses.includes(2000), '', SOON);
    control(element, 'Retry').click();
    await waitUntil(() => pauses.includes(4000), '', SOON);
    expect(tries).to.equal(3);
    expect(pauses.filter((ms) => ms < 10_000)).to.deep.equal([1000, 2000, 4000]);

    LazyFilesView.loadCode = loadCode;
    control(element, 'Retry').click();
    await waitUntil(() => rowTexts(element).length === 1, '', SOON);
    expect(rowTexts(element)[0]).to.contain('a.png');
  });
});
