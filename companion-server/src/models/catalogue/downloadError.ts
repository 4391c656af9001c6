export type DownloadErrorCode =
  | 'CATALOGUE'
  | 'UNKNOWN_MODEL'
  | 'LICENCE'
  | 'NO_ROOM'
  | 'OFFLINE'
  | 'REFUSED'
  | 'INTERRUPTED'
  | 'CHECKSUM';

/** Why a model could not be downloaded. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly code: DownloadErrorCode;
  /** What to do now. */
  readonly hint: string;

  constructor(code: DownloadErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
