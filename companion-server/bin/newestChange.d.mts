/** When the newest file under a path was changed, in milliseconds; 0 where nothing is there. */
export function newestChange(url: URL): number;
