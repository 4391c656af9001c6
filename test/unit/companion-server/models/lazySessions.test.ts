import { createLazySessions } from '@emoeditor/companion-server/models/lazySessions.ts';
import type { InferenceSession } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { describe, expect, it, vi } from 'vitest';

const session = (): InferenceSession => ({
  run: () => Promise.resolve({}),
  release: vi.fn(() => Promise.resolve()),
});

describe('createLazySessions', () => {
  it('loads a part once, when it is first asked for', async () => {
    const open = vi.fn(() => Promise.resolve(session()));
    const sessions = createLazySessions(open);
    expect(open).not.toHaveBeenCalled();
    const [first, second] = await Promise.all([sessions.get('unet'), sessions.get('unet')]);
    expect(first).toBe(second);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('tries again after a load that failed', async () => {
    const good = session();
    const open = vi
      .fn<() => Promise<InferenceSession>>()
      .mockRejectedValueOnce(new Error('no memory'))
      .mockResolvedValue(good);
    const sessions = createLazySessions(open);
    await expect(sessions.get('unet')).rejects.toThrow('no memory');
    expect(await sessions.get('unet')).toBe(good);
  });

  it('releases loaded sessions and those being loaded, and refuses to load more', async () => {
    const [loaded, loading] = [session(), session()];
    let arrive = (_: InferenceSession) => {};
    const late = new Promise<InferenceSession>((resolve) => {
      arrive = resolve;
    });
    const sessions = createLazySessions((part) =>
      part === 'unet' ? Promise.resolve(loaded) : late,
    );
    await sessions.get('unet');
    void sessions.get('vaeDecoder');
    const released = sessions.release();
    arrive(loading);
    await released;
    expect(loaded.release).toHaveBeenCalledTimes(1);
    expect(loading.release).toHaveBeenCalledTimes(1);
    await expect(sessions.get('unet')).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  });

  it('closes one part, which is loaded again when it is asked for', async () => {
    const opened = [session(), session()];
    const open = vi.fn(() => Promise.resolve(opened[open.mock.calls.length - 1] ?? session()));
    const sessions = createLazySessions(open);
    await sessions.close('textEncoder');
    expect(open).not.toHaveBeenCalled();
    await sessions.get('textEncoder');
    await sessions.close('textEncoder');
    expect(opened[0]?.release).toHaveBeenCalledTimes(1);
    expect(await sessions.get('textEncoder')).toBe(opened[1]);
  });
});
