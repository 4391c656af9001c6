import { SERVER_PORTS } from '@emoeditor/shared';
import * as z from 'zod';

/** What a domain of the network permission may be: this machine, at a port that the server uses. */
const domain = z
  .string()
  .regex(/^ws:\/\/127\.0\.0\.1:\d+$/, {
    error: ({ input }) => `“${input}” is not a WebSocket on this machine, like ws://127.0.0.1:8765`,
  })
  .refine(
    (address) => (SERVER_PORTS as readonly number[]).includes(Number(address.split(':')[2])),
    {
      error: ({ input }) => `“${input}” is no port of the server (${SERVER_PORTS.join(', ')})`,
    },
  );

const icon = z.strictObject({
  width: z.int().positive(),
  height: z.int().positive(),
  path: z.string().endsWith('.png'),
  scale: z.array(z.union([z.literal(1), z.literal(2)])).min(1),
  theme: z.array(z.enum(['all', 'lightest', 'light', 'medium', 'dark', 'darkest'])).min(1),
  species: z.array(z.enum(['generic', 'toolbar', 'pluginList'])).optional(),
});

const label = z.strictObject({ default: z.string().min(1) });
const id = z.string().regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+$/, 'is not of the form name.name');
const size = z.strictObject({ width: z.int().positive(), height: z.int().positive() });
const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'is not of the form 1.2.3');

const panel = z.strictObject({
  type: z.literal('panel'),
  id,
  label,
  minimumSize: size,
  maximumSize: size,
  preferredDockedSize: size,
  preferredFloatingSize: size,
  icons: z.array(icon).min(1),
});

const command = z.strictObject({ type: z.literal('command'), id, label });

/**
 * Manifest version 5 (manifest-v5/index.md) as far as EmoEditor uses it. Strict: a permission or flag that is not
 * here is refused, so that asking for more takes a decision and not a slip.
 */
export const manifestSchema = z.strictObject({
  manifestVersion: z.literal(5),
  id,
  name: z.string().min(3).max(45),
  version,
  main: z.string().endsWith('.html'),
  // One host, not a list of them: what a package may have.
  host: z.strictObject({
    app: z.literal('PS'),
    minVersion: version,
    data: z.strictObject({
      apiVersion: z.literal(2),
      // Or a recorded step would not find its function before the panel was opened.
      loadEvent: z.literal('startup'),
      enableMenuRecording: z.literal(true),
    }),
  }),
  requiredPermissions: z.strictObject({
    network: z.strictObject({ domains: z.array(domain).min(1) }),
    localFileSystem: z.literal('plugin'),
  }),
  icons: z.array(icon).min(1),
  entrypoints: z.array(z.discriminatedUnion('type', [panel, command])).min(1),
});

export type Manifest = z.infer<typeof manifestSchema>;
