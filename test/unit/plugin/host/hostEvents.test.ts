import { FakePhotoshop } from '@emoeditor/fake-photoshop';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { MachineEvent } from '@emoeditor/plugin/host/hostPort.ts';
import { watchMachine } from '@emoeditor/plugin/host/machineEvents.ts';
import { photoshopModal } from '@emoeditor/plugin/host/modal.ts';
import type { PhotoshopModule } from '@emoeditor/plugin/host/photoshopModule.ts';
import { describe, expect, it } from 'vitest';

const { signal } = new CancelController();
const photoshop = () => {
  const fake = new FakePhotoshop({ encodeJpeg: async () => new Uint8Array() });
  return { fake, module: fake.require('photoshop') as PhotoshopModule };
};

describe('a busy Photoshop', () => {
  it('[MD13] is waited for by Photoshop itself since 25.10, and entered as soon as it is free', async () => {
    const { fake, module } = photoshop();
    let slept = 0;
    const sleep = async () => {
      slept += 1;
    };
    fake.modal.isBusy = true;
    setTimeout(() => {
      fake.modal.isBusy = false;
    }, 30);
    const enter = photoshopModal(module.core, sleep, '25.10.0');
    expect(await enter('Read', async () => 'read', signal)).toBe('read');
    expect([slept, fake.modal.refused]).toEqual([0, 0]);
  });

  it('is asked again after a pause by a host that does not wait', async () => {
    const { fake, module } = photoshop();
    const options: object[] = [];
    const { executeAsModal } = module.core;
    const core = {
      executeAsModal: (work: never, given: never) => {
        options.push(given);
        return executeAsModal(work, given);
      },
    } as unknown as PhotoshopModule['core'];
    fake.modal.isBusy = true;
    const sleep = async () => {
      fake.modal.isBusy = false;
    };
    const enter = photoshopModal(core, sleep, '25.9.1');
    expect(await enter('Read', async () => 'read', signal)).toBe('read');
    expect(fake.modal.refused).toBe(1);
    expect(options).toEqual([{ commandName: 'Read' }, { commandName: 'Read' }]);
  });
});

describe('events of the panel and the machine', () => {
  it('[MD14] are told until nobody listens', () => {
    const { fake, module } = photoshop();
    const heard: MachineEvent[] = [];
    const stop = watchMachine(module, (event) => heard.push(event));
    fake.coreEvents.notify('panelVisibilityChanged', { visible: false });
    fake.coreEvents.notify('panelVisibilityChanged', {});
    fake.coreEvents.notify('sleep');
    fake.coreEvents.notify('awake');
    expect(heard).toEqual(['hidden', 'shown', 'sleep', 'awake']);
    stop();
    fake.coreEvents.notify('awake');
    expect(heard).toHaveLength(4);
  });

  it.each([
    ['has no such listeners', {}],
    [
      'throws',
      {
        addNotificationListener() {
          throw new Error('no');
        },
      },
    ],
    ['rejects', { addNotificationListener: () => Promise.reject(new Error('no')) }],
  ])('are done without where the host %s', async (_, core) => {
    const stop = watchMachine({ core: core as unknown as PhotoshopModule['core'] }, () => {});
    await new Promise((resolve) => setTimeout(resolve, 0));
    stop();
  });
});
