/**
 * Where the program's own files are: in src/, or in the folder that the build makes of it. This file and whatever it is built into
 * stand at the top of either.
 */

/** The file at `path`, seen from the top. */
export function programFile(path: string): URL {
  return new URL(path, import.meta.url);
}

/** The script at `path`, without its ending, which the build changes. */
export function programScript(path: string): URL {
  return programFile(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`);
}
