import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { layerNames, PATIENCE } from '../integration/studioBrowser.ts';

// Steps that last: the edit must be under way when the server goes.
describeInStudio('the panel’s connection in a browser', 'slower', (studio) => {
  it('says how to start a server that went away, in mid-edit and after it, and goes on when it is back', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio().open();
    const panel = page.locator('.panel');
    const howToStart = panel.getByText('npm start', { exact: true });
    await panel.getByText('Ready', { exact: true }).waitFor();
    await panel.getByText('Evoke Awe').click();
    await panel.getByText(/^Painting 1 of /).waitFor();
    await studio().server.close();
    await panel.getByText('Reconnecting…').waitFor();
    await howToStart.waitFor();
    await studio().restart();
    await panel.getByText('Evoke Awe').waitFor();
    expect(await layerNames(page)).toEqual([
      expect.stringMatching(/^Awe · 100 %/),
      'Photo',
      'Background',
    ]);

    await studio().server.close();
    await panel.getByText('Server not running').waitFor();
    await howToStart.waitFor();
    await studio().restart();
    await panel.getByText('Ready', { exact: true }).waitFor();
    expect(await howToStart.count()).toBe(0);
  });

  it('asks for the pairing code once, takes it as it is shown, and says when it is wrong', {
    timeout: PATIENCE,
  }, async () => {
    // An address without a code, as the panel is before it was paired.
    const page = await studio().open({}, false);
    const panel = page.locator('.panel');
    await panel.getByText('Enter the pairing code').waitFor();
    const field = panel.locator('sp-textfield[aria-label="Pairing code"] input');
    await panel.locator('[aria-label^="Pairing code"]').click();
    await field.fill('AAAAA-AAAAA');
    await panel.getByText('Connect', { exact: true }).click();
    await panel.getByText('did not take that code').waitFor();
    await panel.locator('[aria-label^="Pairing code"]').click();
    await field.fill(studio().server.pairingCode.toLowerCase());
    await panel.getByText('Connect', { exact: true }).click();
    await panel.getByText('Ready', { exact: true }).waitFor();
  });
});
