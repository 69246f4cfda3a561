/**
 * The last check before an upstream connection is made: the address that the name resolved to. Metadata services,
 * link-local and unspecified addresses are never reached; loopback only in evaluation mode.
 */
import { lookup as dnsLookup } from 'node:dns';
import { BlockList, type LookupFunction } from 'node:net';

const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addAddress('168.63.129.16', 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** May a connection go to this address? IPv4-mapped IPv6 is judged as IPv4. */
export function reachable(address: string, family: number, loopbackAllowed: boolean): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const kind = mapped !== undefined || family === 4 ? 'ipv4' : 'ipv6';
  const plain = mapped ?? address;
  return !never.check(plain, kind) && (loopbackAllowed || !loopback.check(plain, kind));
}

/** A `lookup` for net.connect that answers only reachable addresses. */
export function guardedLookup(loopbackAllowed: boolean): LookupFunction {
  return lookupOnly((address, family) => reachable(address, family, loopbackAllowed));
}

/** A `lookup` for net.connect that answers only addresses that are let pass; what is connected to is what was judged. */
export function lookupOnly(allowed: (address: string, family: number) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 4);
        return;
      }
      const good = addresses.filter(({ address, family }) => allowed(address, family));
      const first = good[0];
      if (first === undefined) {
        callback(
          Object.assign(new Error('the name leads to an address that is never reached'), {
            code: 'EADDRREFUSED',
          }),
          '',
          4,
        );
        return;
      }
      if (options.all === true) callback(null, good);
      else callback(null, first.address, first.family);
    });
  };
}
