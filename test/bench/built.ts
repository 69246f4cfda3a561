/**
 * Loads the product as it is shipped: compiled, from `dist/`. Types come from the sources.
 */

/** @param path inside `dist/`. Rejects when the product was not built. */
export async function loadBuilt<T>(path: string): Promise<T> {
  return (await import(new URL(`../../dist/${path}`, import.meta.url).href)) as T;
}
