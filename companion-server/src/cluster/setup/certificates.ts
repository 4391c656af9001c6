import { execFile } from 'node:child_process';
import { rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.ts';
import { ClusterError } from '../clusterError.ts';

const run = promisify(execFile);

const AUTHORITY_DAYS = '3650';
/** Some clients refuse certificates of servers that are valid for longer. */
const SERVER_DAYS = '825';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/**
 * Makes an authority of the studio's own (ca.pem, ca.key) unless it is there, and a certificate of the server for these
 * names and addresses (server.pem, server.key).
 * @throws ClusterError NO_OPENSSL
 */
export async function writeCertificates(folder: string, hosts: readonly string[]): Promise<void> {
  const openssl = (...args: readonly string[]) =>
    run('openssl', args, { cwd: folder }).catch((error: unknown) => {
      throw noOpenssl(error);
    });
  if ((await stat(join(folder, 'ca.pem')).catch(() => null)) === null) {
    const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-days', AUTHORITY_DAYS];
    const extensions = [
      ...['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ];
    const name = ['-subj', '/CN=EmoEditor studio CA'];
    await openssl('req', '-x509', ...NEW_KEY, ...authority, ...name, ...extensions);
  }
  const request = ['-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=EmoEditor NATS'];
  await openssl('req', ...NEW_KEY, ...request);
  const names = hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`).join(',');
  const extensions = `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`;
  await writeFile(join(folder, 'server.ext'), extensions);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', SERVER_DAYS];
  const files = ['-in', 'server.csr', '-out', 'server.pem', '-extfile', 'server.ext'];
  await openssl('x509', '-req', ...files, ...signed);
  for (const name of ['server.csr', 'server.ext', 'ca.srl'])
    await rm(join(folder, name), { force: true });
}

const noOpenssl = (error: unknown) =>
  new ClusterError(
    'NO_OPENSSL',
    `The certificates cannot be made: ${messageOf(error).split('\n')[0]}.`,
    'Install openssl (on Debian: apt-get install openssl) and run the command again.',
    error,
  );
