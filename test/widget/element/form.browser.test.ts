// The element as a field of a form: value, validity, submit that waits, reset, fieldset, label.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { choose, file, idle, part, Stage } from './stage.js';

describe('in a form', () => {
  it('has one entry per finished file, in order, in the format asked for', async () => {
    const { stage, form, element } = await fill({ 'value-format': 'key' });
    await choose(element, file('a.png'), file('b.png'));
    expect(entries(form)).to.deep.equal([]);

    (await stage.sending('b.png')).finish();
    await waitUntil(() => entries(form).length === 1, 'one is stored', { timeout: 4000 });
    (await stage.sending('a.png')).finish();
    await idle(element);

    expect(entries(form)).to.deep.equal(element.files.map(({ key }) => key));
    expect(element.value).to.deep.equal(entries(form));
    element.remove(element.files[0]!.id);
    expect(entries(form)).to.deep.equal([element.files[0]!.key]);
  });

  it('submits json with what the site needs to know', async () => {
    const { stage, element } = await fill({ 'value-format': 'json' });
    stage.isQuick = true;
    await choose(element, file('a.png', 12));
    await idle(element);

    const entry = JSON.parse(element.value[0]!);

    expect(entry).to.include({ name: 'a.png', size: 12, type: 'image/png', altText: '' });
    expect(entry).to.have.all.keys(
      'id',
      'key',
      'url',
      'name',
      'size',
      'type',
      'width',
      'height',
      'altText',
      'receipt',
      'renditions',
    );
  });

  it('has no entry without a name', async () => {
    const { stage, form, element } = await fill({ name: false });
    stage.isQuick = true;

    await choose(element, file('a.png'));
    await idle(element);

    expect([...new FormData(form)]).to.deep.equal([]);
  });

  it('is missing a value when required and empty, not while busy', async () => {
    const { stage, element } = await fill({ required: true });
    expect(element.validity.valueMissing).to.equal(true);
    expect(element.validationMessage).to.equal('Choose a file.');

    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');
    expect(element.validity.valid).to.equal(true);

    send.finish();
    await idle(element);
    expect(element.checkValidity()).to.equal(true);
  });

  it('is invalid while a file has failed', async () => {
    const { stage, element } = await fill();
    await choose(element, file('a.png'));
    (await stage.sending('a.png')).fail('internal');
    await idle(element);

    expect(element.validity.customError).to.equal(true);
    expect(element.validationMessage).to.contain('could not be uploaded');
    element.remove(element.files[0]!.id);
    expect(element.checkValidity()).to.equal(true);
  });

  it('asks for as many files as min-files says, once there is one', async () => {
    const { stage, element } = await fill({ 'min-files': '2' });
    stage.isQuick = true;
    expect(element.checkValidity()).to.equal(true);

    await choose(element, file('a.png'));
    await idle(element);

    expect(element.validationMessage).to.equal('Choose at least 2 files.');
  });

  it('takes a message of the page', async () => {
    const { element } = await fill();

    element.setCustomValidity('Not today.');
    expect(element.validationMessage).to.equal('Not today.');

    element.setCustomValidity('');
    expect(element.checkValidity()).to.equal(true);
  });

  it('focuses its button and shows why when it is reported', async () => {
    const { form, element } = await fill({ required: true });

    form.requestSubmit();
    await element.updateComplete;

    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'button'));
    expect(element.matches(':state(invalid)')).to.equal(true);
    expect(part(element, 'message').textContent).to.equal('Choose a file.');
  });

  it('holds a submit while busy and repeats it once, with its button', async () => {
    const { stage, form, element, submits } = await fill();
    const button = form.querySelector('button')!;
    await choose(element, file('a.png'), file('b.png'));
    const [a, b] = [await stage.sending('a.png'), await stage.sending('b.png')];

    button.click();
    button.click();
    expect(submits).to.have.length(0);
    await element.updateComplete;
    expect(part(element, 'summary').textContent).to.contain('The form is sent when the upload is done.');

    a.finish();
    b.finish();
    await waitUntil(() => submits.length > 0);
    await idle(element);
    expect(submits).to.have.length(1);
    expect(submits[0]!.submitter).to.equal(button);
    expect(entries(form)).to.have.length(2);
  });

  it('drops a held submit when something failed, and says so', async () => {
    const { stage, form, element, submits } = await fill();
    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');

    form.requestSubmit();
    send.fail('internal');
    await idle(element);
    await waitUntil(() => element.matches(':state(invalid)'));

    expect(submits).to.have.length(0);
    expect(part(element, 'message').textContent).to.contain('could not be uploaded');
  });

  it('starts what waits when the form is submitted', async () => {
    const { stage, form, element, submits } = await fill({ 'no-auto': true });
    stage.isQuick = true;
    await choose(element, file('a.png'));

    form.requestSubmit();
    await waitUntil(() => submits.length === 1);

    expect(entries(form)).to.have.length(1);
  });

  it('is empty after a reset, and says nothing of it', async () => {
    const { stage, form, element } = await fill();
    await choose(element, file('a.png'), file('b.png'));
    (await stage.sending('a.png')).finish();
    await waitUntil(() => entries(form).length === 1, 'one is stored', { timeout: 4000 });
    stage.heard.length = 0;

    form.reset();
    await element.updateComplete;

    expect(element.files).to.have.length(0);
    expect(entries(form)).to.deep.equal([]);
    expect(stage.heard.filter((type) => type !== 'b2-complete')).to.deep.equal([]);
  });

  it('is disabled by its fieldset, and then neither sent nor judged', async () => {
    const { form, element } = await fill({ required: true });

    form.querySelector('fieldset')!.disabled = true;
    await element.updateComplete;

    expect(element.matches(':state(disabled)')).to.equal(true);
    expect(part(element, 'button').matches(':disabled')).to.equal(true);
    expect(element.willValidate).to.equal(false);
    expect(element.disabled).to.equal(false);
  });

  it('belongs to a form elsewhere by its form attribute', async () => {
    const { stage, form, element } = await fill();
    stage.isQuick = true;
    form.id = 'elsewhere';
    element.setAttribute('form', 'elsewhere');
    document.body.append(element);
    await choose(element, file('a.png'));
    await idle(element);

    expect(element.form).to.equal(form);
    expect(entries(form)).to.have.length(1);
    element.remove();
  });

  it('opens the dialog by its label', async () => {
    const { form, element } = await fill();
    const opened = new Promise((resolve) => {
      element.shadowRoot!.querySelector('input')!.addEventListener('click', (event) => {
        event.preventDefault();
        resolve(true);
      });
    });

    form.querySelector('label')!.click();

    expect(await opened).to.equal(true);
    expect(element.labels).to.have.length(1);
  });
});

interface Filled {
  readonly stage: Stage;
  readonly form: HTMLFormElement;
  readonly element: B2Uploader;
  /** Submits that reached the page. */
  readonly submits: SubmitEvent[];
}

async function fill(attributes: Readonly<Record<string, string | boolean>> = {}): Promise<Filled> {
  const stage = new Stage();
  const element = await stage.mount({ name: 'photos', id: 'photos', ...attributes });
  const form = document.createElement('form');
  const label = Object.assign(document.createElement('label'), { htmlFor: 'photos', textContent: 'Photos' });
  const fieldset = document.createElement('fieldset');
  const submits: SubmitEvent[] = [];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submits.push(event);
  });
  element.parentElement!.append(form);
  fieldset.append(element);
  form.append(label, fieldset, Object.assign(document.createElement('button'), { name: 'go' }));
  await element.updateComplete;
  return { stage, form, element, submits };
}

function entries(form: HTMLFormElement): FormDataEntryValue[] {
  return new FormData(form).getAll('photos');
}
