import { HintedError } from '../hintedError.ts';

export type FileErrorCode = 'CANNOT_WRITE' | 'NO_ROOM' | 'EXISTS';

/** Why a file cannot be written, in sentences for the person who named it. */
export class FileError extends HintedError<FileErrorCode> {
  override readonly name = 'FileError';
}

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the drive is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** A failure of the file system in words. */
export function cannotWrite(path: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (NO_ROOM.includes(code)) {
    return new FileError(
      'NO_ROOM',
      `${path} cannot be written: there is no room left for it.`,
      'Free some, or choose another place.',
      cause,
    );
  }
  return new FileError(
    'CANNOT_WRITE',
    `${path} cannot be written: ${REASONS[code] ?? message}.`,
    'Choose another place or another name.',
    cause,
  );
}
