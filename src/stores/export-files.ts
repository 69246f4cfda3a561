/**
 * Reads an export from disk, a zip or a folder it was unpacked to, as the files a verifier takes. Nothing of it is
 * believed here; a path that leaves the export, or twice the same one, refuses it.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** The files by path with `/`; or in words why it cannot be read. */
export function readExport(path: string): ReadonlyMap<string, Uint8Array> | string {
  return lstatSync(path).isDirectory() ? readFolder(path) : readZip(path);
}

function readFolder(root: string): ReadonlyMap<string, Uint8Array> | string {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) return `${relative(root, full)} is no plain file`;
    files.set(relative(root, full).split(sep).join('/'), readFileSync(full));
  }
  return files;
}

function readZip(path: string): ReadonlyMap<string, Uint8Array> | string {
  const names: string[] = [];
  try {
    const files = unzipSync(readFileSync(path), {
      filter({ name }) {
        names.push(name);
        return !name.endsWith('/');
      },
    });
    if (new Set(names).size !== names.length) return 'the zip holds the same path twice';
    return new Map(Object.entries(files));
  } catch {
    return 'it is neither a folder nor a zip that can be read';
  }
}
