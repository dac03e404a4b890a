/**
 * Finds words of the catalogue that no page says any more: node scripts/words.mjs. That none is missing in a language, the types hold.
 *
 * A word is a property that a words.ts declares. It is used where a source outside of the catalogue reads it by its name, also by taking an
 * object apart, or reads the object that holds it by a name that is known only at run time: then all of that object's are.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const catalogue = path.join(root, 'src/ui/i18n/');
const config = ts.getParsedCommandLineOfConfigFile(
  path.join(root, 'tsconfig.json'),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
);
const program = ts.createProgram(config.fileNames, config.options);
const checker = program.getTypeChecker();

const isWords = file => file.startsWith(catalogue) && /(^|[./])words\.ts$/.test(file);
/** The translations themselves, and tests, say nothing to anybody. */
const isReader = file =>
  file.startsWith(root) &&
  !file.includes('/node_modules/') &&
  !/\.test\.tsx?$/.test(file) &&
  !/\/i18n\/\w+\/([\w]+\.)?(fr|en|ar|words)\.ts$/.test(file);

/** What the words.ts declare. */
const sections = program
  .getSourceFiles()
  .filter(source => isWords(source.fileName))
  .flatMap(source => source.statements.filter(ts.isInterfaceDeclaration))
  .map(node => checker.getTypeAtLocation(node));

/** Declarations in words.ts that somebody reads. */
const used = new Set();

function use(symbol) {
  for (const declaration of symbol?.declarations ?? []) {
    if (isWords(declaration.getSourceFile().fileName)) {
      used.add(declaration);
    }
  }
}

function useAll(type) {
  for (const one of type.isUnionOrIntersection() ? type.types : [type]) {
    for (const property of one.getProperties()) {
      use(property);
    }
  }
}

/** An object that is given to something which asks for an object: it may read what it asks for. */
function given(node) {
  const wanted = checker.getContextualType(node);
  const object = checker.getTypeAtLocation(node);
  if (wanted?.getStringIndexType() !== undefined) {
    useAll(object);
    return;
  }
  for (const property of wanted?.getProperties() ?? []) {
    if (!property.declarations?.some(one => isWords(one.getSourceFile().fileName))) {
      use(object.getProperty(property.name));
    }
  }
}

function look(node) {
  if (ts.isJsxExpression(node) || ts.isVariableDeclaration(node)) {
    const value = node.expression ?? node.initializer;
    if (value !== undefined) {
      given(value);
    }
  } else if (ts.isCallExpression(node)) {
    node.arguments.forEach(given);
  }
  if (ts.isPropertyAccessExpression(node)) {
    use(checker.getSymbolAtLocation(node.name));
  } else if (ts.isElementAccessExpression(node)) {
    const object = checker.getTypeAtLocation(node.expression);
    const key = checker.getTypeAtLocation(node.argumentExpression);
    const names = (key.isUnion() ? key.types : [key]).map(one => (one.isStringLiteral() ? one.value : null));
    if (names.includes(null)) {
      useAll(object);
    } else {
      for (const name of names) {
        use(object.getProperty(name));
      }
    }
  } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const from = checker.getTypeAtLocation(node.parent);
    const name = node.propertyName ?? node.name;
    if (node.dotDotDotToken !== undefined) {
      useAll(from);
    } else if (ts.isIdentifier(name) || ts.isStringLiteral(name)) {
      use(from.getProperty(name.text));
    }
  } else if (ts.isSpreadAssignment(node)) {
    useAll(checker.getTypeAtLocation(node.expression));
  } else if (ts.isCallExpression(node) && /^Object\.(keys|values|entries)$/.test(node.expression.getText())) {
    useAll(checker.getTypeAtLocation(node.arguments[0]));
  }
  ts.forEachChild(node, look);
}

for (const source of program.getSourceFiles()) {
  if (isReader(source.fileName)) {
    look(source);
  }
}

/** The keys of the pages' html: %t:section.key%. */
const pages = path.join(root, 'pages');
for (const file of readdirSync(pages, { recursive: true })) {
  if (file.endsWith('.html')) {
    for (const [, key] of readFileSync(path.join(pages, file), 'utf8').matchAll(/%t:([\w.]+)/g)) {
      let types = sections;
      for (const name of key.split('.')) {
        const found = types.flatMap(type => type.getProperty(name) ?? []);
        found.forEach(use);
        types = found.map(symbol => checker.getTypeOfSymbol(symbol));
      }
    }
  }
}

const unused = [];
function declared(node, where) {
  if (ts.isInterfaceDeclaration(node)) {
    for (const member of node.members) {
      declared(member, []);
    }
  } else if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) {
    const at = [...where, node.name.text];
    if (!used.has(node)) {
      const file = node.getSourceFile();
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      unused.push(`${path.relative(root, file.fileName)}:${line + 1}: ${at.join('.')}`);
    } else if (node.type !== undefined && ts.isTypeLiteralNode(node.type)) {
      for (const member of node.type.members) {
        declared(member, at);
      }
    }
  }
}
for (const source of program.getSourceFiles()) {
  if (isWords(source.fileName)) {
    ts.forEachChild(source, node => declared(node, []));
  }
}
if (unused.length > 0) {
  console.error(`words that nobody reads:\n${unused.join('\n')}`);
  process.exit(1);
}
