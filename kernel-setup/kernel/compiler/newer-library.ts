// ECMAScript features and Node globals that TypeScript declares and this Node lacks. They are removed from the declarations,
// and an error about them names the version that has them. Cells run in the same Node as the compiler.
import { isAdded } from '../cells/modules/newer-library';
import { ts } from './typescript';

/** Declaration files with features that a supported version may lack. */
const newer = /\/lib\.(es2024|esnext)\.[^/]*$|\/@types\/node\/web-globals\/[^/]*$|\/types\/globals\.d\.ts$/;

/** The first version of Node with a feature: a member, or all of an interface. */
const versions: Readonly<Record<number, readonly string[]>> = {
  21: ['ArrayBuffer.detached', 'ArrayBuffer.transfer', 'ArrayBuffer.transferToFixedLength', 'Navigator', 'navigator'],
  22: ['ArrayConstructor.fromAsync', 'Set', 'ReadonlySet', 'IteratorObject', 'Iterator', 'WebSocket'],
  24: [
    ...['Atomics.pause', 'ErrorConstructor.isError', 'Math.f16round', 'PromiseConstructor.try', 'Float16Array'],
    ...['DataView.getFloat16', 'DataView.setFloat16', 'SuppressedError', 'DisposableStack', 'AsyncDisposableStack'],
    ...['CloseEvent', 'URLPattern'],
  ],
};

const firstVersion = new Map(
  Object.entries(versions).flatMap(([version, names]) => names.map((name) => [name, version] as const)),
);

/** Removed members by name, with their interfaces; global names have no owner. */
const missing = new Map<string, Set<string>>();

/** A removed member and its interface; a global name has no owner. */
export interface Missing {
  name: string;
  owner: string;
}

export function noteMissing(all: readonly Missing[]): void {
  for (const { name, owner } of all) missing.set(name, (missing.get(name) ?? new Set()).add(owner));
}

/** The text of a declaration file without missing features, which are added to `left`. */
export function withoutMissing(file: string, text: string, left: Missing[]): string {
  if (!newer.test(file)) return text;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  let kept = text;
  const leaveOut = (owner: string, name: string, { pos, end }: ts.Node) => {
    left.push({ name, owner });
    kept = kept.slice(0, pos) + text.slice(pos, end).replace(/[^\n]/g, ' ') + kept.slice(end);
  };
  const visit = (node: ts.Node) => {
    if (ts.isInterfaceDeclaration(node)) visitMembers(node, leaveOut);
    // Declarations in a namespace are not global.
    else if (ts.isModuleDeclaration(node) && !(node.flags & ts.NodeFlags.GlobalAugmentation)) return;
    else if (ts.isVariableStatement(node)) {
      const [{ name }] = node.declarationList.declarations;
      if (ts.isIdentifier(name) && !(name.text in globalThis)) leaveOut('', name.text, node);
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return kept;
}

type LeaveOut = (owner: string, name: string, node: ts.Node) => void;

function visitMembers({ name: { text: type }, members }: ts.InterfaceDeclaration, leaveOut: LeaveOut): void {
  // Accessing a global of Node may load its implementation, so only interfaces with members are accessed.
  const owner = members.length === 0 ? undefined : ownerOf(type);
  if (owner === undefined) return;
  for (const member of members) {
    const key = member.name && keyOf(member.name);
    if (key === undefined || key.value in owner || isAdded(type.replace(/Constructor$/, ''), key.name)) continue;
    leaveOut(type, key.name, member);
  }
}

/** The object that has an interface's members, if one exists; other interfaces only describe values. */
function ownerOf(type: string): object | undefined {
  const globals = globalThis as unknown as Record<string, object | undefined>;
  if (type === 'IteratorObject') return Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;
  const [, constructed] = /^(\w+)Constructor$/.exec(type) ?? [];
  if (constructed !== undefined) return globals[constructed];
  const value = globals[type.replace(/^Readonly(?=Set$|Map$|Array$)/, '')];
  return typeof value === 'function' ? (value.prototype as object) : value;
}

/** A member's name and its run-time key; undefined for a missing symbol. */
function keyOf(name: ts.PropertyName): { name: string; value: string | symbol } | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return { name: name.text, value: name.text };
  if (!ts.isComputedPropertyName(name) || !ts.isPropertyAccessExpression(name.expression)) return undefined;
  const { text } = name.expression.name;
  const value = (Symbol as unknown as Record<string, symbol | undefined>)[text];
  return { name: `[Symbol.${text}]`, value: value ?? `Symbol.${text}` };
}

/** Uses of missing features in brackets, where TypeScript allows any name: `set['union']`. */
export function usesInBrackets(file: ts.SourceFile, checker: ts.TypeChecker): ts.DiagnosticWithLocation[] {
  const found: ts.DiagnosticWithLocation[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node)) look(node);
    ts.forEachChild(node, visit);
  };
  const look = ({ expression, argumentExpression: key }: ts.ElementAccessExpression) => {
    const owners = ts.isStringLiteralLike(key) ? missing.get(key.text) : undefined;
    if (owners === undefined || !ts.isStringLiteralLike(key)) return;
    const type = checker.getTypeAtLocation(expression);
    if (type.getProperty(key.text) !== undefined || ![...owners].some((owner) => extendsOne(type, owner))) return;
    const messageText = `Property '${key.text}' does not exist on type '${checker.typeToString(type)}'.`;
    const start = key.getStart(file);
    const category = ts.DiagnosticCategory.Error;
    found.push({ file, start, length: key.end - start, category, code: 2339, messageText });
  };
  if (/\[\s*['"`]/.test(file.text)) visit(file);
  return found;
}

const MISSING_MEMBER = new Set([2339, 2550, 2551]);
const MISSING_NAME = new Set([2304, 2552, 2583, 2585, 2693, 2749]);

/**
 * The version that has the missing feature of a diagnostic.
 * @param checker of its program
 * @param platform that runs the cells
 */
export function newerVersion(
  d: ts.DiagnosticWithLocation,
  checker: ts.TypeChecker,
  platform: string,
): string | undefined {
  const name = d.file.text.slice(d.start, d.start + d.length).replace(/^['"`]|['"`]$/g, '');
  const owners = missing.get(name);
  if (owners === undefined) return undefined;
  if (MISSING_NAME.has(d.code) && owners.has('')) return advice('', name, platform);
  if (!MISSING_MEMBER.has(d.code)) return undefined;
  const type = ownerAt(d, checker);
  const owner = [...owners].find((one) => type !== undefined && extendsOne(type, one));
  return owner === undefined ? undefined : advice(owner, name, platform);
}

function advice(owner: string, name: string, platform: string): string {
  const version = firstVersion.get(owner === '' ? name : `${owner}.${name}`) ?? firstVersion.get(owner);
  const shown = shownAs(owner, name);
  if (!platform.startsWith('Node ')) return `${platform} has no \`${shown}\`.`;
  const running = `this is ${platform}`;
  return version === undefined
    ? `No version of Node has \`${shown}\` without being asked to; ${running}.`
    : `\`${shown}\` needs Node ${version}; ${running}.`;
}

function shownAs(owner: string, name: string): string {
  const member = name.startsWith('[') ? name : `.${name}`;
  if (owner === '') return name;
  if (owner === 'IteratorObject') return `Iterator.prototype${member}`;
  if (owner.endsWith('Constructor')) return owner.replace(/Constructor$/, member);
  return owner in globalThis && typeof globalThis[owner as keyof typeof globalThis] === 'object'
    ? `${owner}${member}`
    : `${owner.replace(/^Readonly/, '')}.prototype${member}`;
}

/** The type that lacks a member: of `x` in `x.a`, `x['a']` and `{ a } = x`. */
function ownerAt({ file, start }: ts.DiagnosticWithLocation, checker: ts.TypeChecker): ts.Type | undefined {
  let found: ts.Type | undefined;
  const visit = (node: ts.Node): void => {
    if (start < node.getFullStart() || start >= node.end) return;
    if (ts.isPropertyAccessExpression(node) && node.name.getStart(file) === start)
      found = checker.getTypeAtLocation(node.expression);
    else if (ts.isElementAccessExpression(node) && node.argumentExpression.getStart(file) === start)
      found = checker.getTypeAtLocation(node.expression);
    else if (ts.isObjectBindingPattern(node)) found = checker.getTypeAtLocation(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function extendsOne(type: ts.Type, name: string): boolean {
  if (type.isUnionOrIntersection()) return type.types.some((part) => extendsOne(part, name));
  if (type.getSymbol()?.name === name) return true;
  const { target = type } = type as ts.TypeReference;
  return (target.getBaseTypes() ?? []).some((base) => extendsOne(base, name));
}
