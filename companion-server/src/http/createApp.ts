import { PROTOCOL_VERSION } from '@emoeditor/shared';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { ServerName } from '../session/handshake.ts';
import type { Metrics } from './metrics.ts';
import { requestFault } from './originRules.ts';
import { NOT_BUILT, studioPage } from './studioPage.ts';

/** Whether the models are there: `starting` while they load. */
export type EngineState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly bundle: string; readonly provider: string }
  | { readonly state: 'unavailable'; readonly code: string; readonly message: string };

export interface AppParts {
  /** Known only when the server listens. */
  readonly port: () => number;
  readonly server: ServerName;
  readonly studioFolder: string;
  readonly metrics: Metrics;
  readonly engineState: () => EngineState;
  readonly log: Log;
}

/** The HTTP pages: health, version, metrics and the studio. */
export function createApp(parts: AppParts): Express {
  const { metrics, server, studioFolder } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.use(ownPagesOnly(parts.port), safeHeaders);
  app.get('/health', (_request, response) => {
    const engine = parts.engineState();
    response
      .status(engine.state === 'unavailable' ? 503 : 200)
      .json({ status: engine.state === 'unavailable' ? 'unavailable' : 'ok', engine });
  });
  app.get('/version', (_request, response) => {
    response.json({ ...server, protocol: PROTOCOL_VERSION });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.read());
  });
  app.get(['/', '/index.html'], async (_request, response) => {
    const page = await studioPage(studioFolder);
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(page ?? NOT_BUILT);
  });
  app.use(express.static(studioFolder, { index: false, dotfiles: 'deny' }));
  app.use((request, response) => {
    response.status(404).json({ message: `There is nothing at ${request.path.slice(0, 100)}.` });
  });
  app.use(failed(parts.log));
  return app;
}

function ownPagesOnly(port: () => number): RequestHandler {
  return (request, response, next) => {
    const fault = requestFault(request.headers, port());
    if (fault === null) next();
    else response.status(403).json(fault);
  };
}

/**
 * Scripts and requests of our own alone; the panel looks for its server on several ports. React sets styles on elements.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page's address may hold a code: no other page may frame it, and no cache or referrer may carry it on. */
const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Content-Security-Policy': POLICY,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
  });
  next();
};

/** Express's own page would show the stack. */
function failed(log: Log): ErrorRequestHandler {
  return (error: { status?: number; message?: string }, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status >= 500) log.error({ path: request.path, reason: error.message }, 'request failed');
    response.status(status).json({ message: 'This request could not be answered.' });
  };
}
