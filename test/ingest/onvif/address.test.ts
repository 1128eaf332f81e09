import { describe, expect, it } from 'vitest';
import { parseOnvifAddress, pinAddress } from '../../../src/ingest/onvif/address.js';

describe('parseOnvifAddress', () => {
  it.each([
    [
      'onvif://10.0.0.5',
      { host: '10.0.0.5', port: 80, secure: false, path: '/onvif/device_service', source: undefined },
    ],
    [
      'onvif://cam.hall:8000/dev?source=v1',
      { host: 'cam.hall', port: 8000, secure: false, path: '/dev', source: 'v1' },
    ],
    [
      'onvif://[fd00::5]:443',
      { host: '[fd00::5]', port: 443, secure: true, path: '/onvif/device_service', source: undefined },
    ],
  ])('%s', (source, expected) => {
    expect(parseOnvifAddress(source)).toEqual(expected);
  });

  it.each(['onvif://', 'onvif://h:99999', 'http://10.0.0.5', 'onvif://u:geheim@10.0.0.5'])('refuses %s', (source) => {
    expect(() => parseOnvifAddress(source)).toThrow(/no address/);
    expect(() => parseOnvifAddress(source)).not.toThrow(/geheim/);
  });
});

describe('pinAddress', () => {
  const rules = { host: '10.0.0.5', allowedNetworks: ['10.1.0.0/16', 'fd00::/64'] };
  it.each([
    ['its own host stands', 'rtsp://10.0.0.5:554/a?b=1', 'rtsp://10.0.0.5:554/a?b=1'],
    ['another host is replaced', 'rtsp://192.168.1.9/a', 'rtsp://10.0.0.5/a'],
    ['a name is replaced', 'rtsp://localhost:22/a', 'rtsp://10.0.0.5:22/a'],
    ['an allowed network stands', 'rtsp://10.1.2.3/a', 'rtsp://10.1.2.3/a'],
    ['an allowed network of version 6 stands', 'rtsp://[fd00::7]/a', 'rtsp://[fd00::7]/a'],
    ['a user in it goes', 'rtsp://admin:geheim@10.0.0.5/a', 'rtsp://10.0.0.5/a'],
    ['a fragment goes', 'rtsp://10.0.0.5/a#b', 'rtsp://10.0.0.5/a'],
  ])('%s', (_, named, expected) => {
    expect(pinAddress(named, ['rtsp', 'rtsps'], rules)).toBe(expected);
  });

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '169.254.169.254',
    '0.0.0.0',
    '[::1]',
    '[fe80::1]',
    '[::ffff:127.0.0.1]',
    '[::]',
    '239.1.1.1',
    '255.255.255.255',
  ])('never leads to %s, whatever is allowed', (host) => {
    const all = { host: '10.0.0.5', allowedNetworks: ['0.0.0.0/0', '::/0'] };
    expect(pinAddress(`rtsp://${host}/a`, ['rtsp'], all)).toBe('rtsp://10.0.0.5/a');
  });

  it('leads to this machine where that is the configured host', () => {
    expect(pinAddress('rtsp://127.0.0.1/a', ['rtsp'], { host: '127.0.0.1' })).toBe('rtsp://127.0.0.1/a');
  });

  it.each([
    "rtsp://10.0.0.5/a'b",
    'rtsp://10.0.0.5/a\nfile x',
    'rtsp://10.0.0.5/a b',
    'javascript:1',
    'http://10.0.0.5/',
  ])('refuses %j', (named) => {
    expect(() => pinAddress(named, ['rtsp'], rules)).toThrow(/address that the camera/);
  });

  it('refuses a network that is none', () => {
    expect(() => pinAddress('rtsp://9.9.9.9/', ['rtsp'], { host: 'h', allowedNetworks: ['10.0.0.0/40'] })).toThrow(
      /not in the form/,
    );
  });
});
