/**
 * Addresses to which a client's hook may lead. The client's representative chose the name, so our own network is a place
 * that it must not reach through us: private and special addresses are out unless the provider's rules let them in, this
 * machine, its links and metadata services always. Pure.
 */
import { BlockList, isIP } from 'node:net';
import { isForbiddenHost } from './policy/networks.ts';

function list(...networks: readonly string[]): BlockList {
  const made = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    made.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return made;
}

const loopback = list('127.0.0.0/8', '::1/128');

const never = list(
  '0.0.0.0/8',
  '100.100.100.200/32', // metadata service
  '168.63.129.16/32', // metadata service
  '169.254.0.0/16', // link-local, metadata services
  '192.0.0.0/24',
  '192.0.2.0/24', // documentation
  '192.88.99.0/24',
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/3', // multicast, reserved, broadcast
  '::/128',
  '64:ff9b::/96', // embeds an IPv4 address
  '64:ff9b:1::/48', // embeds an IPv4 address
  '100::/64',
  '2001::/23', // Teredo and other protocols
  '2001:db8::/32', // documentation
  '2002::/16', // embeds an IPv4 address
  'fd00:ec2::/32', // metadata service
  'fe80::/10', // link-local
  'fec0::/10',
  'ff00::/8',
);

const privately = list(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
);

interface Reach {
  readonly evaluation: boolean;
  readonly private: boolean;
}

/** May a message go to this address? IPv4-mapped IPv6 is judged as IPv4; the old `::10.0.0.1` is nobody's address. */
export function mayReach(address: string, reach: Reach): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const within = (networks: BlockList): boolean => networks.check(address, kind);
  if (within(never)) return false;
  if (within(loopback)) return reach.evaluation;
  if (family === 6 && /^::(?!ffff:)/i.test(address)) return false;
  return reach.evaluation || reach.private || !within(privately);
}

/** Whether the host of a URL may be called as far as it tells by itself: an address is judged, a name mostly later. */
export function isAddressOf(hostname: string, reach: Reach): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return mayReach(bare, reach);
  return reach.evaluation || !isForbiddenHost(hostname);
}
