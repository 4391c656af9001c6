import { HintedError } from '../../hintedError.ts';

export type DownloadErrorCode =
  | 'CATALOGUE'
  | 'UNKNOWN_MODEL'
  | 'LICENCE'
  | 'NO_ROOM'
  | 'OFFLINE'
  | 'REFUSED'
  | 'INTERRUPTED'
  | 'TOO_LONG'
  | 'CHECKSUM';

/** Why a model could not be downloaded. */
export class DownloadError extends HintedError<DownloadErrorCode> {
  override readonly name = 'DownloadError';
}
