import type { IncomingHttpHeaders } from 'node:http';

export interface RefusedRequest {
  readonly code: 'FOREIGN_HOST' | 'FOREIGN_ORIGIN';
  readonly message: string;
  readonly hint: string;
}

/**
 * Why a request is refused, or null. A page elsewhere that points its own name at 127.0.0.1 names itself as Host
 * (SE2); a page elsewhere that calls us names itself as Origin (SE3). UXP's Origin is not documented, so anything
 * that is no web page is left to the token.
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
  const isWebPage = origin !== undefined && /^https?:/i.test(origin);
  if (isWebPage && !hosts.some((own) => origin.toLowerCase() === `http://${own}`)) {
    return {
      code: 'FOREIGN_ORIGIN',
      message: `Expected no web page but its own to call the companion server, but “${origin.slice(0, 100)}” did.`,
      hint: 'Use the studio that the server itself serves, or the panel in Photoshop.',
    };
  }
  return null;
}
