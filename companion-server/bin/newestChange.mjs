import { readdirSync, statSync } from 'node:fs';

/**
 * When the newest file under a path was changed, in milliseconds; 0 where nothing is there.
 * @param {URL} url of a file, or of a folder with a slash at its end
 * @returns {number}
 */
export function newestChange(url) {
  const found = statSync(url, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(url, { withFileTypes: true }).reduce((latest, entry) => {
    const name = encodeURIComponent(entry.name) + (entry.isDirectory() ? '/' : '');
    return Math.max(latest, newestChange(new URL(name, url)));
  }, 0);
}
