/**
 * Where test files run: in the process's own world, as the product does, and not in a copy of it that is made for each file. A
 * process of jest loads the product and its packages once, for all the test files that it runs; test files and what supports
 * them are loaded for each. So what a module of the product keeps for itself lasts from file to file, as it lasts from request to
 * request where it serves. There are no fake timers: they would be those of the whole process.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import NodeEnvironmentModule from 'jest-environment-node';

// Its types describe what `require` gives; an import gives the class itself.
const NodeEnvironment = NodeEnvironmentModule as unknown as typeof NodeEnvironmentModule.default;
type Mocking = InstanceType<typeof NodeEnvironment>['moduleMocker'];
type Given = ConstructorParameters<typeof NodeEnvironment>;

type ModuleOptions = vm.SourceTextModuleOptions & { readonly identifier: string };

const { SourceTextModule, SyntheticModule, compileFunction } = vm;
const require = createRequire(import.meta.url);
const product = join(import.meta.dirname, '../../src/');

/** By their file's path. */
const modules = new Map<string, LoadedOnce>();

/** How `import()` is answered: by jest for the file that runs now, whichever module asks. */
let importLater: ModuleOptions['importModuleDynamically'];

/** Linked once; jest asks again for each file. */
class LoadedOnce extends SourceTextModule {
  override linkRequests(found: readonly vm.Module[]): void {
    if (this.status !== 'evaluated') super.linkRequests(found);
  }

  override instantiate(): void {
    if (this.status !== 'evaluated') super.instantiate();
  }
}

/** So that jest does not look for what a module imports that is there already. */
const nothing = { value: [] };

vm.SourceTextModule = new Proxy(SourceTextModule, {
  construct(_, [text, { context: _own, ...options }]: [string, ModuleOptions]) {
    const { identifier: path, importModuleDynamically } = options;
    importLater = importModuleDynamically ?? importLater;
    if (!path.startsWith(product) && !path.includes('/node_modules/'))
      return new SourceTextModule(text, options);
    const before = modules.get(path);
    if (before?.status === 'evaluated') return Object.defineProperty(before, 'moduleRequests', nothing);
    const module = new LoadedOnce(text, {
      ...options,
      importModuleDynamically: (...asked) => {
        if (importLater === undefined) throw new Error('no test file runs');
        return importLater(...asked);
      },
    });
    modules.set(path, module);
    return module;
  },
});

vm.SyntheticModule = new Proxy(SyntheticModule, {
  construct: (_, [names, evaluate, { context: _own, ...options }]) =>
    new SyntheticModule(names, evaluate, options),
});

/** What jest itself keeps for one file. */
const ofOneFile = /\/node_modules\/(jest-circus|@jest\/expect|source-map-support)\//;
const { exit } = process;
const compiled = new Map<string, Buffer>();

vm.compileFunction = ((text, parameters, { parsingContext: _own, ...options } = {}) => {
  const path = options.filename ?? '';
  if (!ofOneFile.test(path))
    return (module: NodeJS.Module) => {
      module.exports = require(path);
    };
  const cachedData = compiled.get(path);
  const made = compileFunction(
    text,
    parameters,
    cachedData === undefined ? { ...options, produceCachedData: true } : { ...options, cachedData },
  );
  if (made.cachedData !== undefined) compiled.set(path, made.cachedData);
  return made;
}) as typeof compileFunction;

export default class InThisProcess extends NodeEnvironment {
  readonly #before = new Set(Reflect.ownKeys(globalThis));

  constructor(...given: Given) {
    super(...given);
    const Mocker = this.moduleMocker?.constructor as new (world: typeof globalThis) => Mocking;
    this.global = globalThis as unknown as typeof this.global;
    this.moduleMocker = new Mocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = null;
    // A run that waits for changes of files is to see them.
    if (given[0].globalConfig.watch || given[0].globalConfig.watchAll) modules.clear();
  }

  /** What the file put beside the process's own things goes with it. */
  override async teardown(): Promise<void> {
    this.moduleMocker?.restoreAllMocks();
    for (const key of Reflect.ownKeys(globalThis))
      if (!this.#before.has(key)) Reflect.deleteProperty(globalThis, key);
    process.exit = exit;
    await super.teardown();
  }
}
