import type { Extent } from '@emoeditor/shared';
import type { Picture } from './edit.ts';

/** Port: an antialiased resize of an 8-bit picture. */
export type ResizePicture = (picture: Picture, extent: Extent) => Promise<Picture>;
