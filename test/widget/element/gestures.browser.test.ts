// One gesture, one command: double clicks, keys held down, and where the focus goes when its button does.
import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { choose, control, file, idle, part, parts, Stage } from './stage.js';

describe('gestures', () => {
  it('starts the upload on a double click, and does not cancel it', async () => {
    const { stage, element } = await withFiles({ 'no-auto': true });

    await doubleClick(element, control(element, 'Upload 3 files'));

    await stage.sending('c.png');
    expect(element.files).to.have.length(3);
    expect(element.matches(':state(busy)')).to.equal(true);
  });

  it('starts the upload while Enter is held, and does not cancel it', async () => {
    const { stage, element } = await withFiles({ 'no-auto': true });
    control(element, 'Upload 3 files').focus();

    await holdEnter(element);

    await stage.sending('c.png');
    expect(element.files).to.have.length(3);
  });

  it('leaves the focus on no button that has become another', async () => {
    const { stage, element } = await withFiles({ 'no-auto': true });
    control(element, 'Upload 3 files').focus();
    control(element, 'Upload 3 files').click();
    await waitUntil(() => element.matches(':state(busy)'));
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'button'));

    control(element, 'Cancel').focus();
    for (const name of ['a.png', 'b.png', 'c.png']) (await stage.sending(name)).fail('internal');
    await idle(element);

    expect(control(element, 'Retry 3 failed').isConnected).to.equal(true);
    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'button'));
  });

  it('removes one file on a double click', async () => {
    const { element } = await withFiles({ 'no-auto': true });

    await doubleClick(element, control(element, 'Remove a.png'));

    expect(element.files.map(({ name }) => name)).to.deep.equal(['b.png', 'c.png']);
  });

  it('removes one file while Enter is held, and the next when it is pressed anew', async () => {
    const { element } = await withFiles({ 'no-auto': true });
    control(element, 'Remove a.png').focus();

    await holdEnter(element);
    expect(element.files.map(({ name }) => name)).to.deep.equal(['b.png', 'c.png']);

    await sendKeys({ press: 'Enter' });
    expect(element.files.map(({ name }) => name)).to.deep.equal(['c.png']);
  });

  it('dismisses one refusal on a double click', async () => {
    const element = await new Stage().mount({ accept: 'image/*' });
    await choose(element, ...['a', 'b', 'c'].map((name) => file(`${name}.mov`, 1, 'video/quicktime')));

    await doubleClick(element, control(element, 'Dismiss a.mov'));

    expect(parts(element, 'item')).to.have.length(2);
  });

  it('leaves the clicks of slotted buttons to the page', async () => {
    const { element } = await withFiles({ 'no-auto': true });
    const own = document.createElement('button');
    let clicks = 0;
    own.addEventListener('click', (event) => {
      event.preventDefault();
      clicks += 1;
    });
    element.append(own);

    for (const detail of [1, 2])
      own.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, detail }));

    expect(clicks).to.equal(2);
  });

  it('keeps the focus in the element when its controls are disabled', async () => {
    const { element } = await withFiles({ 'no-auto': true });
    control(element, 'Remove b.png').focus();

    element.disabled = true;
    await element.updateComplete;

    expect(document.activeElement).to.equal(element);
  });

  it('gives buttons that have a name no second one', async () => {
    const { element } = await withFiles({ 'no-auto': true });

    expect(control(element, 'Remove a.png').hasAttribute('title')).to.equal(false);
  });
});

async function withFiles(attributes: Readonly<Record<string, string | boolean>>): Promise<{
  readonly stage: Stage;
  readonly element: B2Uploader;
}> {
  const stage = new Stage();
  const element = await stage.mount(attributes);
  await choose(element, file('a.png'), file('b.png'), file('c.png'));
  return { stage, element };
}

/** The second click meets whatever is in that place after the first. */
async function doubleClick(element: B2Uploader, button: HTMLElement): Promise<void> {
  button.scrollIntoView({ block: 'center' });
  let [x, y] = [0, 0];
  const find = (): Element | null | undefined =>
    element.shadowRoot!.elementFromPoint(x, y)?.closest('button');
  const press = async (detail: number): Promise<void> => {
    find()?.dispatchEvent(
      new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, detail }),
    );
    await element.updateComplete;
  };

  // Rows are laid out in the frame after they came into view, and may move until the page is at rest.
  await waitUntil(
    () => {
      const place = button.getBoundingClientRect();
      [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
      return find() === button;
    },
    'the button is there',
    { timeout: 4000 },
  );
  await press(1);
  await waitUntil(find, 'a button is there', { timeout: 4000 });
  await press(2);
}

async function holdEnter(element: B2Uploader): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    await sendKeys({ down: 'Enter' });
    await element.updateComplete;
  }
  await sendKeys({ up: 'Enter' });
}
