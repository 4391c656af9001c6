import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { expect, it } from 'vitest';

it('a header of 40 bytes that promises 300 megapixels is damaged, and no room is made for them', async () => {
  const header = Buffer.alloc(40);
  header.write('8BPS');
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(3, 12);
  header.writeUInt32BE(10_000, 14);
  header.writeUInt32BE(30_000, 18);
  header.writeUInt16BE(8, 22);
  header.writeUInt16BE(3, 24);
  const before = process.memoryUsage().arrayBuffers;
  await expect(documentFrom(header, 'a.psd')).rejects.toMatchObject({ code: 'TRUNCATED' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
});
