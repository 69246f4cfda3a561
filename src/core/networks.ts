/** Addresses by whom they may belong to, for limits that nobody evades by having many of them. Pure. */

/** Whoever has an IPv6 address has 2^64 of them. */
export function network(address: string): string {
  return address.includes(':') ? groupsOf(address).slice(0, 4).join(':') : address;
}

/** The neighbourhood of an address, /24 or /48: what one household or office, or one attacker without many of them, has. */
export function neighbourhood(address: string): string {
  return address.includes(':')
    ? groupsOf(address).slice(0, 3).join(':')
    : address.split('.').slice(0, 3).join('.');
}

/** The groups of an IPv6 address, with those that `::` stands for. */
function groupsOf(address: string): readonly string[] {
  const [front = [], back] = address.split('::').map((part) => part.split(':').filter(Boolean));
  if (back === undefined) return front;
  return [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
}
