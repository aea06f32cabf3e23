// A submit that waits for the uploads: what keeps it, what drops it, and that it never loses a file in silence.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { announced, choose, control, file, idle, part, Stage } from './stage.js';

const HOLDING = 'The form is sent when the upload is done.';
const NOT_SENT = 'The form was not sent.';

describe('a submit that waits', () => {
  it('is not let through without the listed file while the set-up is wrong', async () => {
    const { form, element, submits } = await fill({ 'site-key': '' });
    await choose(element, file('a.png'));

    form.requestSubmit();
    await element.updateComplete;

    expect(submits).to.have.length(0);
    expect(element.validity.customError).to.equal(true);
    expect(element.validationMessage).to.contain('not set up correctly');
    element.remove(element.files[0]!.id);
    expect(element.checkValidity()).to.equal(true);
  });

  it('stays when another file is refused', async () => {
    const { stage, form, element, submits } = await fill({ accept: 'image/*' });
    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');
    form.requestSubmit();

    await choose(element, file('b.mov', 1, 'video/quicktime'));
    send.finish();
    await waitUntil(() => submits.length === 1);

    expect(element.files).to.have.length(1);
  });

  it('is dropped, to be seen and heard, when the site refuses a file that it waits for', async () => {
    const stage = new Stage();
    stage.policy = { accept: ['image/*'] };
    const { form, submits } = page();
    const element = document.createElement('b2-uploader');
    element.setAttribute('site-key', 'pk_test');
    element.setAttribute('signer', 'https://signer.test');
    form.append(element);
    element.add([file('notes.pdf', 10, 'application/pdf')]);

    form.requestSubmit();
    await waitUntil(() => element.files.length === 0);
    await waitUntil(() => announced(element).includes('notes.pdf is not accepted.'));
    await element.updateComplete;

    expect(submits).to.have.length(0);
    expect(part(element, 'message').textContent).to.equal(`1 file not accepted. ${NOT_SENT}`);
    expect(announced(element)).to.contain(NOT_SENT);
    expect(document.activeElement).to.equal(element);
    form.remove();
  });

  it('stays when the element is moved within its form', async () => {
    const { stage, form, element, submits } = await fill();
    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');
    form.requestSubmit();

    const place = document.createElement('div');
    form.append(place);
    place.append(element);
    send.finish();
    await waitUntil(() => submits.length === 1);
  });

  it('is dropped when its only file is cancelled', async () => {
    const { stage, form, element, submits } = await fill();
    await choose(element, file('a.png'));
    await stage.sending('a.png');
    form.requestSubmit();

    control(element, 'Cancel a.png').click();
    await waitUntil(() => announced(element).includes(NOT_SENT));
    await idle(element);

    expect(submits).to.have.length(0);
    expect(part(element, 'message').textContent).to.equal(NOT_SENT);
    form.reset();
    await element.updateComplete;
    expect(part(element, 'message').textContent).to.equal('');
  });

  it('goes on waiting for the others when one of its files is cancelled', async () => {
    const { stage, form, element, submits } = await fill();
    await choose(element, file('a.png'), file('b.png'));
    await stage.sending('a.png');
    const send = await stage.sending('b.png');
    form.requestSubmit();

    control(element, 'Cancel a.png').click();
    send.finish();
    await waitUntil(() => submits.length === 1);

    expect(announced(element)).to.not.contain(NOT_SENT);
  });

  it('goes on waiting for the file that takes the place of another', async () => {
    const { stage, form, element, submits } = await fill({ multiple: false, 'no-auto': true });
    await choose(element, file('a.png'));
    form.requestSubmit();
    await stage.sending('a.png');

    await choose(element, file('b.png'));
    (await stage.sending('b.png')).finish();
    await waitUntil(() => submits.length === 1);

    expect(new FormData(form).getAll('photos')).to.have.length(1);
  });

  it('is shown where only one file is taken', async () => {
    const { stage, form, element } = await fill({ multiple: false });
    await choose(element, file('a.png'));
    await stage.sending('a.png');

    form.requestSubmit();
    await element.updateComplete;

    const shown = element.shadowRoot!.querySelector<HTMLElement>('.holding');
    expect(shown?.textContent).to.equal(HOLDING);
    expect(shown?.checkVisibility()).to.equal(true);
  });

  it('is dropped, to be heard, by a reset', async () => {
    const { stage, form, element, submits } = await fill();
    await choose(element, file('a.png'));
    await stage.sending('a.png');
    form.requestSubmit();

    form.reset();
    await idle(element);

    expect(submits).to.have.length(0);
    expect(announced(element)).to.contain(NOT_SENT);
  });

  it('starts and waits for every field of its form', async () => {
    const { stage, form, element, submits } = await fill({ 'no-auto': true });
    const other = await stage.mount({ name: 'papers', 'no-auto': true });
    form.append(other);
    await choose(element, file('a.png'));
    await choose(other, file('b.png'));

    form.requestSubmit();
    (await stage.sending('a.png')).finish();
    await idle(element);
    expect(submits).to.have.length(0);
    (await stage.sending('b.png')).finish();
    await waitUntil(() => submits.length === 1);

    expect([...new FormData(form).keys()]).to.deep.equal(['photos', 'papers']);
  });
});

interface Page {
  readonly form: HTMLFormElement;
  /** Submits that reached the page. */
  readonly submits: SubmitEvent[];
}

function page(): Page {
  const form = document.createElement('form');
  const submits: SubmitEvent[] = [];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submits.push(event);
  });
  document.body.append(form);
  return { form, submits };
}

async function fill(
  attributes: Readonly<Record<string, string | boolean>> = {},
): Promise<Page & { readonly stage: Stage; readonly element: B2Uploader }> {
  const stage = new Stage();
  const element = await stage.mount({ name: 'photos', ...attributes });
  const { form, submits } = page();
  element.parentElement!.append(form);
  form.append(element);
  await element.updateComplete;
  return { stage, form, element, submits };
}
