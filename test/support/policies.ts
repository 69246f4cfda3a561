/** The sample policies in a folder of the test's own, with some files replaced. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface PolicyFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Copies `policies/`; `changed` maps a path in it to its new text. The sample cases, which would not fit, are left out. */
export async function policyFolder(changed: Readonly<Record<string, string>>): Promise<PolicyFolder> {
  const path = await mkdtemp(join(tmpdir(), 'consentry-policies-'));
  await cp('policies', path, { recursive: true, filter: (source) => !source.includes('cases') });
  for (const [name, text] of Object.entries(changed)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
