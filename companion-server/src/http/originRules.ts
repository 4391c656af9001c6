import type { IncomingHttpHeaders } from 'node:http';

export interface RefusedRequest {
  readonly code: 'FOREIGN_HOST' | 'FOREIGN_ORIGIN';
  readonly message: string;
  readonly hint: string;
}

/**
 * Why a request is refused, or null. A page elsewhere that points its own name at 127.0.0.1 names itself as Host
 * (SE2); a page elsewhere that calls us names itself as Origin (SE3), a page in a sandbox says `null`, and a browser's
 * extension its own scheme. What UXP says is not documented: none, a file's, or loopback's with or without port and slash.
 */
export function requestFault(headers: IncomingHttpHeaders, port: number): RefusedRequest | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase())) {
    return {
      code: 'FOREIGN_HOST',
      message: `Expected the Host ${hosts.join(' or ')} but received “${host.slice(0, 100)}”.`,
      hint: `Open http://${hosts[0]}/ instead.`,
    };
  }
  if (origin !== undefined && !isOwnOrigin(origin.toLowerCase(), port)) {
    return {
      code: 'FOREIGN_ORIGIN',
      message: `Expected no web page but its own to call the companion server, but “${origin.slice(0, 100)}” did.`,
      hint: 'Use the studio that the server itself serves, or the panel in Photoshop.',
    };
  }
  return null;
}

/** Schemes that no web page and no browser's extension can say. */
const LOCAL_SCHEMES = /^(file|uxp|app|plugin):/;

function isOwnOrigin(origin: string, port: number): boolean {
  if (LOCAL_SCHEMES.test(origin)) return true;
  const loopback = /^http:\/\/(127\.0\.0\.1|localhost)(?::(\d+))?\/?$/.exec(origin);
  // A page of another program on this machine has a port, and it is not ours.
  return loopback !== null && (loopback[2] === undefined || Number(loopback[2]) === port);
}
