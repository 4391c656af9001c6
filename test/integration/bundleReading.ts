import { parse } from 'acorn';

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What a script names, as far as it can be told without running it. */
export interface BundleReading {
  /** Names that nothing in the script declares: the globals it asks for. */
  readonly globals: ReadonlySet<string>;
  /** Names of the methods that it calls on anything. */
  readonly calledMethods: ReadonlySet<string>;
  /** Names of all properties that it reads or writes on anything. */
  readonly properties: ReadonlySet<string>;
  /** `new …Error(text, options)`: the second argument is newer than ES2020. */
  readonly errorsWithOptions: number;
  /** Texts of the style sheets in it. */
  readonly styleSheets: readonly string[];
}

/** @throws SyntaxError for syntax newer than ES2020 */
export function readBundle(script: string): BundleReading {
  const declared = new Set(['arguments']);
  const named = new Set<string>();
  const calledMethods = new Set<string>();
  const properties = new Set<string>();
  const styleSheets: string[] = [];
  let errorsWithOptions = 0;
  walk(parse(script, { ecmaVersion: 2020, sourceType: 'script' }) as unknown as SyntaxNode, {
    declare: (name) => declared.add(name),
    name: (name) => named.add(name),
    call: (method) => calledMethods.add(method),
    property: (name) => properties.add(name),
    text: (text) => {
      if (STYLE_SHEET.test(text)) styleSheets.push(text);
    },
    make: (name, count) => {
      if (name.endsWith('Error') && count > 1) errorsWithOptions += 1;
    },
  });
  const globals = new Set([...named].filter((name) => !declared.has(name)));
  return { globals, calledMethods, properties, errorsWithOptions, styleSheets };
}

/** As css-loader hands them over: from a rule or a comment to a closing brace. */
const STYLE_SHEET = /^\s*(\/\*|[.@a-z])[\s\S]*\{[\s\S]*:[\s\S]*;\s*\}\s*$/;

interface Listener {
  declare(name: string): void;
  name(name: string): void;
  call(method: string): void;
  property(name: string): void;
  text(text: string): void;
  make(className: string, argumentCount: number): void;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value;

function walk(node: SyntaxNode, listener: Listener): void {
  declarations(node).forEach((pattern) => {
    namesIn(pattern).forEach(listener.declare);
  });
  if (node.type === 'CallExpression' && isNode(node['callee'])) {
    const method = propertyOf(node['callee']);
    if (method !== null) listener.call(method);
  }
  const property = propertyOf(node);
  if (property !== null) listener.property(property);
  if (node.type === 'ObjectPattern') keysOf(node).forEach(listener.property);
  if (node.type === 'Literal' && typeof node['value'] === 'string') listener.text(node['value']);
  if (node.type === 'TemplateElement') {
    listener.text((node['value'] as { cooked?: string }).cooked ?? '');
  }
  if (node.type === 'NewExpression' && isNode(node['callee'])) {
    const { name = '' } = node['callee'] as { name?: string };
    listener.make(name, (node['arguments'] as unknown[]).length);
  }
  if (node.type === 'Identifier') listener.name(node['name'] as string);
  for (const [key, value] of Object.entries(node)) {
    if (isFixedName(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, listener);
    }
  }
}

/** Of `object.property`. */
function propertyOf(node: SyntaxNode): string | null {
  const property = node['property'];
  const isPlain = node.type === 'MemberExpression' && node['computed'] === false;
  return isPlain && isNode(property) ? (property['name'] as string) : null;
}

/** Properties that a pattern takes out of something. */
const keysOf = (pattern: SyntaxNode): string[] =>
  (pattern['properties'] as SyntaxNode[]).flatMap(({ key, computed }) =>
    isNode(key) && computed === false && key.type === 'Identifier' ? [key['name'] as string] : [],
  );

/** A property or a label is no name of the scope. */
function isFixedName(node: SyntaxNode, key: string): boolean {
  if (node.type === 'MemberExpression') return key === 'property' && node['computed'] === false;
  if (node.type === 'Property' || node.type === 'MethodDefinition') {
    return key === 'key' && node['computed'] === false;
  }
  return key === 'label';
}

function declarations(node: SyntaxNode): unknown[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return [node['id']];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [node['id'], ...(node['params'] as unknown[])];
    case 'CatchClause':
      return [node['param']];
    default:
      return [];
  }
}

/** Names that a pattern declares. */
function namesIn(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern['name'] as string];
    case 'ObjectPattern':
      return (pattern['properties'] as SyntaxNode[]).flatMap((one) =>
        namesIn(one.type === 'RestElement' ? one['argument'] : one['value']),
      );
    case 'ArrayPattern':
      return (pattern['elements'] as unknown[]).flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern['left']);
    case 'RestElement':
      return namesIn(pattern['argument']);
    default:
      return [];
  }
}
