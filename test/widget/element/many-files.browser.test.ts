// Ten thousand files: work per change stays what it is for ten, and only what is near the viewport is drawn.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { advance, control, file, parts, Stage } from './stage.js';

const COUNT = 3000;

describe('thousands of files', () => {
  it('are all listed, in order, and few of them drawn', async () => {
    const { element } = await listed({ 'no-auto': true });

    expect(element.files.map(({ name }) => name)).to.deep.equal(names());
    expect(parts(element, 'item').length).to.be.below(120);
    expect(parts(element, 'item')[0]!.getAttribute('aria-setsize')).to.equal(String(COUNT));
    expect(parts(element, 'list')[0]!.getBoundingClientRect().height).to.be.above(COUNT * 60);
    await expect(element).to.be.accessible();
  });

  it('are drawn where the page is scrolled to; the row with the focus stays', async () => {
    const { element } = await listed({ 'no-auto': true });
    control(element, 'Remove 0.pdf').focus({ preventScroll: true });

    const shown = (): (string | undefined)[] => parts(element, 'name').map(({ textContent }) => textContent);
    window.scrollTo(0, document.documentElement.scrollHeight);
    await waitUntil(() => shown().includes(`${COUNT - 1}.pdf`), 'the end is drawn', { timeout: 4000 });

    expect(shown()).to.contain('0.pdf').and.not.contain('1.pdf');
    expect(element.shadowRoot!.activeElement?.ariaLabel).to.equal('Remove 0.pdf');
    expect(shown().length).to.be.below(120);
    window.scrollTo(0, 0);
  });

  it('are counted along: a change walks through no list', async () => {
    const { stage, element } = await listed({});
    const send = await stage.sending('0.pdf');
    await element.updateComplete;
    let renders = 0;
    element.addController({ hostUpdated: () => void (renders += 1) });
    const before = element.files;

    await advance(send, 1, () => element.files !== before);
    for (const other of stage.sends.slice(1, 40)) other.finish();
    await element.updateComplete;

    // Forty files and more than forty changes are a handful of pictures.
    expect(renders).to.be.below(10);
    expect(element.files).to.equal(element.files);
    expect(element.value).to.equal(element.value);
  });

  it('are taken in slices, and a reset in between takes no more', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    element.add(files());
    expect(element.files.length).to.be.above(0).and.below(COUNT);

    element.clear();
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(element.files).to.have.length(0);
  });
});

function names(): string[] {
  return Array.from({ length: COUNT }, (_, i) => `${i}.pdf`);
}

function files(): File[] {
  return names().map((name) => file(name, 1, 'application/pdf'));
}

async function listed(attributes: Record<string, boolean>): Promise<{ stage: Stage; element: B2Uploader }> {
  const stage = new Stage();
  stage.policy = { maxFiles: null };
  const element = await stage.mount(attributes);
  element.add(files());
  await waitUntil(() => element.files.length === COUNT, 'all are listed', { timeout: 5000 });
  await element.updateComplete;
  await waitUntil(() => parts(element, 'item').length > 0);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await element.updateComplete;
  return { stage, element };
}

it('one more file leaves the rows in view where they are', async () => {
  const element = await new Stage().mount({ 'no-auto': true });
  element.add(Array.from({ length: 40 }, (_, i) => file(`${i}.pdf`, 1, 'application/pdf')));
  await element.updateComplete;
  const shown = (): (string | null)[] => parts(element, 'name').map(({ textContent }) => textContent);
  expect(shown()).to.include('35.pdf');

  element.add([file('40.pdf', 1, 'application/pdf')]);
  await element.updateComplete;

  expect(shown()).to.include('35.pdf');
});
