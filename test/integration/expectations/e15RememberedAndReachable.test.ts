import { describe, expect, it } from 'vitest';
import { nameOf } from '../panelPage.ts';
import { furthest, layerOf, names, openDocument, stage, WHOLE, type World } from './stage.ts';

const { photoshop } = stage();
const { photoshop: withoutModel } = stage(() => 'missing');

describe('expectation 15: settings and seed are remembered, and everything can be reached', () => {
  it('the panel opens as it was left', async () => {
    const storage = new Map<string, string>();
    const before = photoshop({ storage });
    openDocument(before.fake);
    const page = before.openPanel();
    await page.says('Ready');
    await page.press(/^Fear/);
    page.enter('Intensity in percent', '65');
    await page.press('Advanced');
    page.pick('Rules of the loop', 'As published');
    await page.type(/^Seed/, '1234');
    page.pick('Result', 'Group of layers');

    const after = photoshop({ storage });
    openDocument(after.fake);
    const again = after.openPanel();
    await again.says('Evoke Fear');
    await again.press('Advanced');
    await again.says('65 %');
    expect(nameOf(again.control(/^Seed/))).toBe('Seed: 1234');
    expect(again.root.querySelector('sp-textfield'), 'no field before it is typed into').toBeNull();
    const chosen = (name: string) =>
      again.control(name).querySelector('sp-menu-item[selected]')?.textContent;
    expect(chosen('Rules of the loop')).toBe('As published');
    expect(chosen('Result')).toBe('Group of layers');
  });

  it('the same seed goes with every edit until another is chosen, and gives the same picture', async () => {
    const world = photoshop();
    const { fake } = world;
    openDocument(fake);
    const page = world.openPanel();
    await page.says('Ready');
    await page.press('Advanced');
    await page.type(/^Seed/, '1234');
    const seeds = watchSeeds(world);
    const resultOf = async () => {
      const document = openDocument(fake);
      await page.press('Evoke Awe');
      await expect
        .poll(() => [names(document)[0], fake.modal.isModal])
        .toEqual(['Awe · 100 %', false]);
      return layerOf(document, 'Awe · 100 %').pixels.read(WHOLE);
    };
    const first = await resultOf();
    expect(furthest(first, await resultOf())).toBe(0);
    await page.press('Another seed gives another variation');
    await resultOf();
    expect(seeds.slice(0, 2)).toEqual([1234, 1234]);
    expect(seeds[2]).not.toBe(1234);
  });

  it('every control has a name, whatever the panel shows', async () => {
    const world = photoshop();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.says('Ready');
    await page.press('Advanced');
    const nameless = () =>
      page.controls.filter((one) => nameOf(one) === '').map((one) => one.outerHTML);
    expect(nameless()).toEqual([]);
    await page.press('Evoke Awe');
    await page.says('is in the document');
    expect(nameless()).toEqual([]);
    expect(page.controls.length).toBeGreaterThan(15);
  });

  it('keys choose an emotion, compare, pick a frame and open what is closed', async () => {
    const world = photoshop();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.says('Ready');
    page.control(/^Awe/).focus();
    page.key(page.focused!, 'ArrowDown');
    await page.says('Evoke Contentment');
    expect(nameOf(page.focused!), 'the keyboard follows the choice').toMatch(/^Contentment/);
    page.key(page.control(/^Contentment/), 'ArrowUp');
    page.key(page.control(/^Awe/), 'ArrowUp');
    page.key(page.control('Advanced'), 'Enter');
    await page.says('Seed');
    await page.press(/^Evoke /);
    await page.says('is in the document');
    const preview = page.root.querySelector('.preview')!;
    page.key(preview, ' ');
    await page.says('Before');
    page.key(preview, ' ', 'keyup');
    await page.says('hold for before');
    const [frame] = page.root.querySelectorAll('.frame');
    page.key(frame!, 'Enter');
    await page.says(/Update layer|is in the document/);
  });

  it('[UX10] every control takes the keyboard, and of the emotions the chosen one', async () => {
    const world = photoshop();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.says('Ready');
    await page.press('Advanced');
    await page.press('Evoke Awe');
    await page.says('is in the document');
    const wants = 'sp-button, sp-action-button, sp-picker, sp-slider, [role=button], [role=option]';
    const controls = [...page.root.querySelectorAll<HTMLElement>(wants)];
    const passedOver = controls.filter((one) => {
      one.focus();
      return page.focused !== one;
    });
    expect(passedOver.map(nameOf)).toEqual([]);
    expect(controls.length).toBeGreaterThan(8);
    page.control(/^Fear/).focus();
    expect(nameOf(page.focused!)).not.toMatch(/^Fear/);
    page.control(/^Awe/).focus();
    expect(nameOf(page.focused!)).toMatch(/^Awe/);
  });

  it('the keyboard stays where an edit is started, cancelled and applied', async () => {
    const world = photoshop();
    openDocument(world.fake);
    const page = world.openPanel();
    await page.says('Ready');
    page.control('Evoke Awe').focus();
    await page.press('Evoke Awe');
    await page.says(/Reading the layer|Starting|Painting/);
    await expect.poll(() => page.focused?.closest('.foot')).toBeTruthy();
    await page.says('is in the document');
    await expect.poll(() => page.focused && nameOf(page.focused)).toBe('Evoke Awe');
  });

  it('[UX13] no text field is drawn before it is typed into, nor after', async () => {
    const unpaired = photoshop({ token: null });
    openDocument(unpaired.fake);
    const page = unpaired.openPanel();
    await page.says('Enter the pairing code');
    const fields = () => page.root.querySelectorAll('sp-textfield, sp-textarea').length;
    expect(fields()).toBe(0);
    await page.press(/^Pairing code/);
    await expect.poll(fields).toBe(1);
    await page.press('Advanced');
    page.focused?.blur();
    await expect.poll(fields).toBe(0);
    await page.type(/^Pairing code/, 'ABC');
    await page.says('ABC');
    await expect.poll(fields).toBe(0);
  });

  it('says how to start a server that is absent, and what a model lacks', async () => {
    const alone = photoshop({ hasServer: () => false });
    openDocument(alone.fake);
    const page = alone.openPanel();
    await page.says('Server not running');
    await page.says('npm start');
    expect(page.control('Evoke Awe').hasAttribute('disabled')).toBe(true);

    const empty = withoutModel();
    openDocument(empty.fake);
    const other = empty.openPanel();
    await other.says('There is no bundle “missing”.');
    await other.says('Choose another.');
  });
});

/** The seeds of the edits that are sent to the server from now on. */
function watchSeeds({ sockets }: World): number[] {
  const seeds: number[] = [];
  const socket = sockets.at(-1)!;
  const send = socket.send.bind(socket) as (data: unknown) => void;
  socket.send = (data: unknown) => {
    const message = typeof data === 'string' ? JSON.parse(data) : {};
    if (message.type === 'submit') seeds.push(message.edit.seed);
    send(data);
  };
  return seeds;
}
