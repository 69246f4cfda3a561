/**
 * How long something took, apart from how long the machine stood still meanwhile: for the few bounds that are a requirement
 * themselves, so that a machine which halts for seconds fails no test. What computes counts in full.
 */
export interface Taken {
  /** Milliseconds in which this process ran or waited. */
  readonly ran: number;
  /** Milliseconds in which it could not: it was not given the processor, or a call blocked it that computes nothing. */
  readonly stood: number;
}

/** The process looks at the time so often, and is given as long again before it counts as standing. */
const often = 20;

/** Starts now. What it answers ends it and says what passed. */
export function stopwatch(): () => Taken {
  const began = performance.now();
  let [at, used, stood] = [began, process.cpuUsage(), 0];
  const look = (): void => {
    const computed = process.cpuUsage(used);
    const passed = performance.now() - at;
    stood += Math.max(0, passed - Math.max(2 * often, (computed.user + computed.system) / 1_000));
    [at, used] = [at + passed, process.cpuUsage()];
  };
  const looking = setInterval(look, often).unref();
  return () => {
    clearInterval(looking);
    look();
    return { ran: at - began - stood, stood };
  };
}
