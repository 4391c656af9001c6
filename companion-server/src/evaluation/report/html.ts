/** Text for HTML. */
export const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] as string,
  );

/** A table; cells are HTML. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  caption = '',
): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join('');
  return [
    '<div class="wide"><table>',
    caption === '' ? '' : `<caption>${caption}</caption>`,
    `<thead><tr>${headings.map((heading) => `<th scope="col">${heading}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody>`,
    '</table></div>',
  ].join('');
}

/** A page that needs no other file. */
export const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>${body}</body></html>
`;

const STYLE = `
body{font:14px/1.45 system-ui,sans-serif;margin:24px auto;max-width:1200px;padding:0 16px;color:#222;background:#fff}
h2{margin-top:2em}caption{text-align:left;color:#555;padding:4px 0}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:8px 0}
th,td{padding:3px 10px;border-bottom:1px solid #ddd;text-align:right;white-space:nowrap;vertical-align:top}
th:first-child{text-align:left}thead th{border-bottom:2px solid #999;white-space:normal}
small{color:#666}img{display:block;max-width:180px}pre{background:#f4f4f4;padding:12px;overflow-x:auto}
dt{font-weight:600}dd{margin:0 0 6px 16px}
`;
