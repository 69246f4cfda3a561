/**
 * Knows the addresses that no client system has: this machine, its links, metadata services, multicast. Takes host
 * names as a URL gives them, where decimal, octal and hexadecimal forms have already become plain addresses.
 */

interface Address {
  readonly width: 32 | 128;
  readonly bits: bigint;
}

interface Network {
  readonly address: Address;
  readonly prefix: number;
}

const forbiddenNames =
  /^(?:localhost|.*\.localhost|localhost\.localdomain|metadata|metadata\.google\.internal|instance-data)$/;

const forbiddenNetworks: readonly Network[] = [
  '0.0.0.0/8', // this host
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, metadata services
  '100.100.100.200/32', // metadata service
  '168.63.129.16/32', // metadata service
  '192.0.0.0/24', // protocol assignments, metadata service
  '224.0.0.0/3', // multicast, reserved, broadcast
  '::/127', // unspecified, loopback
  'fe80::/10', // link-local
  'ff00::/8', // multicast
  'fd00:ec2::/32', // metadata service
  '64:ff9b::/96', // embeds an IPv4 address
  '2002::/16', // embeds an IPv4 address
].map(parseNetwork);

/** Whether the host is, by its name or address alone, one that must not be an upstream. */
export function isForbiddenHost(hostname: string): boolean {
  const bare = hostname.replace(/\.$/, '').toLowerCase();
  const address = parseAddress(bare);
  if (address === undefined) return forbiddenNames.test(bare);
  const plain = unmapped(address);
  return forbiddenNetworks.some((network) => contains(network, plain));
}

/** Whether the host is an address rather than a name. */
export function isAddress(hostname: string): boolean {
  return parseAddress(hostname) !== undefined;
}

function parseNetwork(text: string): Network {
  const [address = '', prefix = ''] = text.split('/');
  const parsed = parseAddress(address.includes(':') ? `[${address}]` : address);
  if (parsed === undefined) throw new TypeError(`not a network: ${text}`);
  return { address: parsed, prefix: Number(prefix) };
}

function contains({ address, prefix }: Network, asked: Address): boolean {
  const shift = BigInt(address.width - prefix);
  return address.width === asked.width && address.bits >> shift === asked.bits >> shift;
}

/** `::ffff:10.0.0.1` and the old `::10.0.0.1` are the IPv4 address inside. */
function unmapped(address: Address): Address {
  const high = address.bits >> 32n;
  const isMapped = address.width === 128 && (high === 0xffffn || (high === 0n && address.bits > 0xffffn));
  return isMapped ? { width: 32, bits: address.bits & 0xffffffffn } : address;
}

function parseAddress(hostname: string): Address | undefined {
  if (/^\[.*\]$/.test(hostname)) return parseIpv6(hostname.slice(1, -1));
  const parts = hostname.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return { width: 32, bits: join(parts, 10, 8n) };
}

function parseIpv6(text: string): Address | undefined {
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  if (missing < 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { width: 128, bits: join(groups, 16, 16n) };
}

function join(parts: readonly string[], radix: number, width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(Number.parseInt(part, radix)), 0n);
}
