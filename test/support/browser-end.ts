/** Ends the Chromium of the run, if a test asked for one. Called once after the last test. */
export default async function endBrowser(): Promise<void> {
  await (globalThis as { endBrowser?: () => Promise<void> }).endBrowser?.();
}
