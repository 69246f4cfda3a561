/**
 * Where test files run: jest's own environment for Node. Each file gets a context and modules of its own; what the compiler made
 * of a module's text is kept for the files that the same process runs after it, which takes half of the time of loading them.
 */
import vm from 'node:vm';
import NodeEnvironmentModule from 'jest-environment-node';

// Its types describe what `require` gives; an import gives the class itself.
const NodeEnvironment = NodeEnvironmentModule as unknown as typeof NodeEnvironmentModule.default;

interface Made {
  readonly text: string;
  readonly data: Buffer;
}

/** By the file's path; a file whose text is another one, or that the compiler does not take back, is compiled anew. */
const modules = new Map<string, Made>();
const functions = new Map<string, Made>();

// What Node's own types leave out.
declare module 'node:vm' {
  interface SourceTextModule {
    createCachedData(): Buffer;
  }
}

const { SourceTextModule, compileFunction } = vm;

vm.SourceTextModule = new Proxy(SourceTextModule, {
  construct(target, [text, options]: ConstructorParameters<typeof SourceTextModule>) {
    const name = options?.identifier;
    const made = name === undefined ? undefined : modules.get(name);
    if (made?.text === text) {
      try {
        return new target(text, { ...options, cachedData: made.data });
      } catch (fault) {
        if ((fault as { code?: unknown }).code !== 'ERR_VM_MODULE_CACHED_DATA_REJECTED') throw fault;
      }
    }
    const module = new target(text, options);
    if (name !== undefined) modules.set(name, { text, data: module.createCachedData() });
    return module;
  },
});

vm.compileFunction = (text, parameters, options) => {
  const name = options?.filename;
  const made = name === undefined ? undefined : functions.get(name);
  if (made?.text === text) {
    const again = compileFunction(text, parameters, { ...options, cachedData: made.data });
    if (again.cachedDataRejected !== true) return again;
  }
  const compiled = compileFunction(text, parameters, { ...options, produceCachedData: true });
  if (name !== undefined && compiled.cachedData !== undefined)
    functions.set(name, { text, data: compiled.cachedData });
  return compiled;
};

/** Nothing of its own: that it is loaded is what counts. */
export default class CompiledOnce extends NodeEnvironment {}
