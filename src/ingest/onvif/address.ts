import { BlockList, isIP } from 'node:net';
import { AppError } from '../../core/errors.js';

/** Where a camera's ONVIF service answers. */
export interface OnvifAddress {
  /** Host name or address; IPv6 in brackets. */
  host: string;
  port: number;
  /** Port 443 speaks TLS. A camera's own certificate is not checked: nobody signs them. */
  secure: boolean;
  /** Path of the device service. */
  path: string;
  /** Token of one video source, where a recorder has several: `onvif://HOST?source=TOKEN`. */
  source: string | undefined;
}

/**
 * Reads `onvif://HOST[:PORT][/PATH][?source=TOKEN]`.
 * @throws AppError `config`
 */
export function parseOnvifAddress(source: string): OnvifAddress {
  const url = URL.canParse(source.replace(/^onvif:/, 'http:'))
    ? new URL(source.replace(/^onvif:/, 'http:'))
    : undefined;
  if (!source.startsWith('onvif://') || !url || url.hostname === '' || url.username !== '' || url.password !== '') {
    throw new AppError('config', `ONVIF source ${JSON.stringify(redactUser(source))}: no address`, {
      hint: 'write onvif://HOST or onvif://HOST:PORT, the password under credentials',
    });
  }
  const port = url.port === '' ? 80 : Number(url.port);
  return {
    host: url.hostname,
    port,
    secure: port === 443,
    path: url.pathname === '/' ? '/onvif/device_service' : url.pathname,
    source: url.searchParams.get('source') ?? undefined,
  };
}

const redactUser = (source: string): string => source.replace(/\/\/[^/]*@/, '//***@');

export interface PinRules {
  /** The configured host: every address leads there. */
  host: string;
  /** Networks in CIDR form whose addresses may stand, e.g. cameras behind a recorder. */
  allowedNetworks?: readonly string[] | undefined;
}

const LONGEST_ADDRESS = 2048;

/**
 * Takes an address that a camera names and pins it to the configured host: the camera may choose scheme (of the given),
 * port and path, nothing else. A user or password in it is dropped.
 * @throws AppError `protocol` for no address, another scheme, or one too long
 */
export function pinAddress(named: string, schemes: readonly string[], rules: PinRules): string {
  const refuse = (why: string): never => {
    throw new AppError('protocol', `address that the camera at ${rules.host} names: ${why}`, {
      hint: 'write the address of the stream itself (rtsp://...) into the configuration',
    });
  };
  if (named.length > LONGEST_ADDRESS) refuse(`over ${LONGEST_ADDRESS} characters`);
  // Also what URL would quietly take out or encode: a line break ends an ffmpeg playlist entry.
  if (!/^[\x21-\x7e]+$/.test(named) || /['"\\<>^`{|}]/.test(named) || !URL.canParse(named)) refuse('no address');
  const url = new URL(named);
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) refuse(`scheme ${scheme}: only ${schemes.join(', ')}`);
  const host = mayStand(url.hostname, rules) ? url.hostname : rules.host;
  const port = url.port === '' ? '' : `:${url.port}`;
  return `${scheme}://${host}${port}${url.pathname}${url.search}`;
}

function mayStand(host: string, { host: configured, allowedNetworks = [] }: PinRules): boolean {
  if (host === configured) return true;
  const address = bare(host);
  const family = familyOf(address);
  // An IPv4 address written as IPv6 has no honest use here, and lists compare it in surprising ways.
  if (family === undefined || address.startsWith('::ffff:') || NEVER.check(address, family)) return false;
  return networksOf(allowedNetworks).check(address, family);
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

/** This machine and its own link (cloud metadata lives there), multicast, and "any". */
const NEVER = networksOf([
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ...['::/128', '::1/128', 'fe80::/10', 'ff00::/8'],
]);

/** @throws AppError `config` for what is no network */
function networksOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = familyOf(address);
    const bits = Number(prefix ?? (family === 'ipv4' ? 32 : 128));
    if (family === undefined || !Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv4' ? 32 : 128)) {
      throw new AppError('config', `allowed network ${JSON.stringify(network)}: not in the form 10.0.0.0/24`);
    }
    list.addSubnet(address, bits, family);
  }
  return list;
}
