import * as z from 'zod/mini';

// React looks this class up with `instanceof`; UXP has no iframes (seen with React 18 and 19).
const host = globalThis as { HTMLIFrameElement?: unknown };
host.HTMLIFrameElement ??= class {};

// Without this zod tries `new Function`, which UXP forbids and reports.
z.config({ jitless: true });
