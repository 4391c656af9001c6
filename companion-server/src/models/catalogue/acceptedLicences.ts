import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { writeWhole } from '../../files/writeWhole.ts';

/** Licences that the user has agreed to, so that each is asked for once. */
export interface AcceptedLicences {
  has(model: string, licence: string): Promise<boolean>;
  add(model: string, licence: string): Promise<void>;
}

const ledgerSchema = z.record(z.string(), z.string());

/** @param file where they are kept: model → licence */
export function createAcceptedLicences(file: string): AcceptedLicences {
  const read = async () => {
    try {
      return ledgerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      return {};
    }
  };
  return {
    has: async (model, licence) => (await read())[model] === licence,
    async add(model, licence) {
      await mkdir(dirname(file), { recursive: true });
      const licences = { ...(await read()), [model]: licence };
      await writeWhole(file, `${JSON.stringify(licences, null, 2)}\n`, { overwrite: true });
    },
  };
}
