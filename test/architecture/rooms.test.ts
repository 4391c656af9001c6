import { describe, expect, it } from 'vitest';
import { cyclesIn } from './cycles.ts';
import { SERVER_ROOMS } from './rooms.ts';
import { productSources, type Source } from './sources.ts';

const sources = productSources();
const paths = new Set(sources.map(({ path }) => path));
const SERVER = 'companion-server/src/';

/** `a/b/c.ts` of the server → `a`; a file beside the rooms is a room of its own. */
const serverRoom = (path: string) => path.slice(SERVER.length).split('/')[0] as string;

/** The folder of a file; a file that lies beside folders is a room of its own, so that it may compose them. */
function folderRoom(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const hasRooms = [...paths].some(
    (other) => other.startsWith(`${folder}/`) && other.slice(folder.length + 1).includes('/'),
  );
  return hasRooms ? path : folder;
}

function graphOf(nodeOf: (path: string) => string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const from = nodeOf(path);
    const to = graph.get(from) ?? graph.set(from, new Set()).get(from) ?? new Set();
    for (const imported of imports.filter((name) => paths.has(name))) {
      if (nodeOf(imported) !== from) to.add(nodeOf(imported));
    }
  }
  return graph;
}

describe('rooms', () => {
  it('no file imports itself on a way round', () => {
    expect(cyclesIn(graphOf((path) => path))).toEqual([]);
  });

  it('no room imports itself on a way round', () => {
    const roomOf = new Map([...paths].map((path) => [path, folderRoom(path)]));
    expect(cyclesIn(graphOf((path) => roomOf.get(path) as string))).toEqual([]);
  });

  it('the server’s rooms import what the table allows', () => {
    const edges = sources
      .filter(({ path }: Source) => path.startsWith(SERVER))
      .flatMap(({ path, imports }) =>
        imports
          .filter((imported) => imported.startsWith(SERVER))
          .map((imported) => [serverRoom(path), serverRoom(imported)] as const)
          .filter(([from, to]) => from !== to && !SERVER_ROOMS[from]?.includes(to))
          .map(([from, to]) => `${from} -> ${to} (${path})`),
      );
    expect(edges).toEqual([]);
  });

  it('the table names every room of the server, and no more', () => {
    const rooms = new Set(
      sources.filter(({ path }) => path.startsWith(SERVER)).map(({ path }) => serverRoom(path)),
    );
    expect(Object.keys(SERVER_ROOMS).sort()).toEqual([...rooms].sort());
  });

  it('the table itself has no way round', () => {
    const table = new Map(Object.entries(SERVER_ROOMS).map(([from, to]) => [from, new Set(to)]));
    expect(cyclesIn(table)).toEqual([]);
  });
});

describe('the search for ways round', () => {
  it('finds one of two and one of three, and none where there is none', () => {
    const graph = (edges: Record<string, string[]>) =>
      new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));
    expect(cyclesIn(graph({ a: ['b'], b: ['a', 'c'], c: [] }))).toEqual([['a', 'b']]);
    expect(cyclesIn(graph({ a: ['b'], b: ['c'], c: ['a'] }))).toEqual([['a', 'b', 'c']]);
    expect(cyclesIn(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual([]);
  });
});
