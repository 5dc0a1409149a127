import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type typescript from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { cellOptions, complaints, current, root, tslabs } from '../support/typescript';

const dist = join(root, 'dist');
const files = () =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.d.ts'))
    .map((f) => join(dist, f));

beforeAll(() => buildIfStale(paths), 120_000);

describe.each([
  ['5.0 (stock tslab)', tslabs],
  ['current', current],
])('TypeScript %s', (_, ts) => {
  test('is the intended version', () => {
    expect(ts.version).toMatch(ts === tslabs ? /^5\.0\.4$/ : /^5\.9\./);
  });

  test('a consumer compiles, every wrong line is an error, and all declarations are valid', () => {
    const program = ts.createProgram([join(root, 'tests/types/consumer.ts'), ...files()], cellOptions(ts));
    expect(complaints(ts, ts.getPreEmitDiagnostics(program))).toEqual([]);
  });
});

describe('declarations', () => {
  const ts = current;
  const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const walk = (node: typescript.Node, visit: (n: typescript.Node) => void) => {
    visit(node);
    ts.forEachChild(node, (child) => walk(child, visit));
  };
  const place = (n: typescript.Node) => {
    const source = n.getSourceFile();
    return `${source.fileName.slice(dist.length + 1)}:${source.getLineAndCharacterOfPosition(n.getStart()).line + 1}`;
  };

  // They are emitted file by file; an internal constructor takes along the fields that its parameters declare.
  test('lose no field with an internal constructor', () => {
    const isInternal = (n: typescript.Node) => ts.getJSDocTags(n).some(({ tagName }) => tagName.text === 'internal');
    const lost: string[] = [];
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    for (const file of sources.filter((name) => name.endsWith('.ts')))
      walk(parse(join(root, 'src', file)), (n) => {
        if (!ts.isConstructorDeclaration(n)) return;
        for (const parameter of n.parameters) {
          const isField = ts.isParameterPropertyDeclaration(parameter, n);
          const isPrivate = (ts.getCombinedModifierFlags(parameter) & ts.ModifierFlags.Private) !== 0;
          if (isField && !isPrivate && !isInternal(n.parent) && isInternal(n) && !isInternal(parameter))
            lost.push(`${file}: ${parameter.name.getText()}`);
        }
      });
    expect(lost).toEqual([]);
  });

  test('contain no any', () => {
    const found: string[] = [];
    for (const file of files())
      walk(parse(file), (n) => {
        if (n.kind === ts.SyntaxKind.AnyKeyword) found.push(place(n));
      });
    expect(found).toEqual([]);
  });

  test('name typed arrays without parameters, which TypeScript 5.0 would read as any', () => {
    const found: string[] = [];
    for (const file of files())
      walk(parse(file), (n) => {
        if (!ts.isTypeReferenceNode(n) || n.typeArguments === undefined) return;
        if (/^((Big)?(Ui|I)nt\d+(Clamped)?|Float\d+)Array$/.test(n.typeName.getText()))
          found.push(`${place(n)} ${n.getText()}`);
      });
    expect(found).toEqual([]);
  });

  test('omit what is marked internal', () => {
    const nameOf = (n: typescript.Node) => {
      const named = n as typescript.NamedDeclaration;
      const parent = n.parent && (n.parent as typescript.NamedDeclaration).name;
      if (named.name === undefined || !ts.isIdentifier(named.name)) return null;
      return parent ? `${parent.getText()}.${named.name.text}` : named.name.text;
    };
    const isMember = (n: typescript.Node) => ts.isTypeElement(n) || ts.isClassElement(n);
    const isTopLevel = (n: typescript.Node) =>
      ts.isFunctionDeclaration(n) ||
      ts.isClassDeclaration(n) ||
      ts.isInterfaceDeclaration(n) ||
      ts.isTypeAliasDeclaration(n);
    const internal = new Set<string>();
    const offered = new Set<string>();
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    for (const name of sources.filter((file) => file.endsWith('.ts'))) {
      const source = parse(join(root, 'src', name));
      const inFile = new Set<string>();
      const others = new Set<string>();
      walk(source, (n) => {
        const named = isMember(n) || isTopLevel(n) ? nameOf(n) : null;
        if (named === null) return;
        (source.text.slice(n.getFullStart(), n.getStart()).includes('@internal') ? inFile : others).add(named);
      });
      for (const one of inFile) internal.add(one);
      for (const one of others) if (!inFile.has(one)) offered.add(one);
    }
    const checked = internal.size;
    const left: string[] = [];
    for (const file of files())
      walk(parse(file), (n) => {
        const name = isMember(n) || isTopLevel(n) ? nameOf(n) : null;
        if (name !== null && internal.has(name) && !offered.has(name)) left.push(`${place(n)} ${name}`);
      });
    expect(checked).toBeGreaterThan(50);
    expect(left).toEqual([]);
  });

  // The bundler appends a number to the second of two equal names, which TypeScript would show: rename one, or give its
  // folder a file.
  test('declare no type or class whose name has a number appended', () => {
    const numbered: string[] = [];
    for (const file of files())
      walk(parse(file), (n) => {
        const isType = ts.isClassDeclaration(n) || ts.isInterfaceDeclaration(n) || ts.isModuleDeclaration(n);
        if (isType && /\$\d+$/.test(n.name?.getText() ?? '')) numbered.push(`${place(n)} ${n.name!.getText()}`);
      });
    expect(numbered).toEqual([]);
  });

  test('packages they refer to are dependencies, and so are their types', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const missing: string[] = [];
    for (const file of files())
      walk(parse(file), (n) => {
        const from =
          (ts.isImportDeclaration(n) || ts.isExportDeclaration(n)) &&
          n.moduleSpecifier &&
          ts.isStringLiteral(n.moduleSpecifier)
            ? n.moduleSpecifier.text
            : ts.isImportTypeNode(n) && ts.isLiteralTypeNode(n.argument) && ts.isStringLiteral(n.argument.literal)
              ? n.argument.literal.text
              : null;
        if (from === null || from.startsWith('.') || from.startsWith('node:')) return;
        const has = (name: string) => name in manifest.dependencies;
        const types = join(root, 'node_modules', from, 'package.json');
        const ownTypes = 'types' in (JSON.parse(readFileSync(types, 'utf8')) as object);
        if (!has(from) || !(ownTypes || has(`@types/${from}`))) missing.push(`${place(n)} ${from}`);
      });
    expect(missing).toEqual([]);
  });
});
